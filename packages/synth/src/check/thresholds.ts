import { MODALITIES, SextantError, isModality, type Modality } from '@sextant/core';
import type { AgreementScores } from './agreement.js';

/** The figures a clip can be judged by, the usual one of each modality first; an error may be at most, a share must be at least. */
const FIGURES = {
  depth: { absRelScale: 'most', delta1Scale: 'least' },
  flow: { epe: 'most' },
  segmentation: { mIoU: 'least', pixelAccuracy: 'least', personIoU: 'least' },
  skeleton: { pck01: 'least' },
  densepose: { partAccuracy: 'least', bodyIoU: 'least' },
} as const satisfies Readonly<Record<Modality, Readonly<Record<string, 'most' | 'least'>>>>;

/** A bound on one figure of `AgreementScores`. */
export interface Threshold {
  readonly modality: Modality;
  readonly figure: string;
  readonly bound: number;
}

/** A figure beyond its bound. */
export interface Failure extends Threshold {
  readonly value: number;
}

/** What thresholds say of a clip's scores. */
export interface Verdict {
  /** Nothing failed. */
  readonly accepted: boolean;
  readonly failed: readonly Failure[];
  /** Modalities with nothing to compare (nobody in the picture has no joints to find): they neither pass nor fail. */
  readonly unjudged: readonly Modality[];
}

const sense = ({ modality, figure }: Omit<Threshold, 'bound'>): 'most' | 'least' | undefined => (FIGURES[modality] as Readonly<Record<string, 'most' | 'least'>>)[figure];

/** All figures in words: `depth (absRelScale at most, ...)`. */
function figuresInWords(): string {
  return MODALITIES.map((m) => `${m} (${Object.entries(FIGURES[m]).map(([name, way]) => `${name} at ${way}`).join(', ')})`).join(', ');
}

/**
 * Reads thresholds as people write them: `depth=0.2` bounds the modality's usual figure (AbsRel after scale at most 0.2, mIoU
 * at least, end-point error in pixels at most, PCK@0.1 at least, part accuracy at least), `depth.delta1Scale=0.8` a named one.
 * @throws SextantError `bad-argument` for an unknown name, a value out of its range, or one figure twice.
 */
export function parseThresholds(texts: readonly string[]): Threshold[] {
  const list = texts.map((text): Threshold => {
    const [, name = '', given, value = ''] = /^\s*([a-z]+)(?:\.([A-Za-z0-9]+))?\s*=\s*([^\s]+)\s*$/.exec(text) ?? [];
    if (!isModality(name)) throw new SextantError('bad-argument', `the threshold ${JSON.stringify(text)} is none`, { hint: `Give <modality>=<value> or <modality>.<figure>=<value>, of ${figuresInWords()}.`, details: { text } });
    const figure = given ?? Object.keys(FIGURES[name])[0];
    const way = sense({ modality: name, figure });
    if (way === undefined) throw new SextantError('bad-argument', `${name} has no figure ${JSON.stringify(figure)}`, { hint: `Its figures: ${Object.keys(FIGURES[name]).join(', ')}.`, details: { text } });
    const bound = Number(value);
    if (!Number.isFinite(bound) || bound < 0 || (way === 'least' && bound > 1)) {
      throw new SextantError('bad-argument', `the bound of ${name} ${figure} is ${value}`, { hint: way === 'least' ? 'It is a share: give a number from 0 to 1.' : 'It is an error: give a number from 0 on.', details: { text } });
    }
    return { modality: name, figure, bound };
  });
  for (const [i, { modality, figure }] of list.entries()) {
    if (list.findIndex((other) => other.modality === modality && other.figure === figure) < i) throw new SextantError('bad-argument', `${modality} ${figure} is bounded twice`, { hint: 'Give one bound for each figure.', details: { modality, figure } });
  }
  return list;
}

/**
 * Refuses thresholds on what is not compared.
 * @throws SextantError `bad-argument`.
 */
export function checkThresholds(thresholds: readonly Threshold[], compared: readonly Modality[]): void {
  for (const { modality } of thresholds) {
    if (!compared.includes(modality)) throw new SextantError('bad-argument', `there is a threshold on ${modality}, which is not compared`, { hint: `Compared are the modalities of the clip that the model estimates: ${compared.join(', ') || 'none'}.`, details: { modality, compared } });
  }
}

/** Judges scores. A figure that is exactly its bound passes. */
export function judge(scores: AgreementScores, thresholds: readonly Threshold[]): Verdict {
  const failed: Failure[] = [];
  const unjudged = new Set<Modality>();
  for (const threshold of thresholds) {
    const value = (scores[threshold.modality] as Readonly<Record<string, number>> | undefined)?.[threshold.figure];
    if (value === undefined || Number.isNaN(value)) unjudged.add(threshold.modality);
    else if (sense(threshold) === 'most' ? value > threshold.bound : value < threshold.bound) failed.push({ ...threshold, value });
  }
  return { accepted: failed.length === 0, failed, unjudged: [...unjudged] };
}

/** A failure in words: "depth absRelScale is 0.312, 0.2 is the most". */
export function inWords({ modality, figure, bound, value }: Failure): string {
  return `${modality} ${figure} is ${value.toFixed(3)}, ${bound} is the ${sense({ modality, figure })!}`;
}
