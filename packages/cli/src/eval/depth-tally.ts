import { DepthConfidenceMetrics, DepthMetrics, RowPriorFit, constantDepth, gradientFit, median, rowPriorDepth } from '@sextant/model';
import type { DepthConfidenceScores, DepthFrameScores, DepthScores, RowPrior } from '@sextant/model';
import type { Figures, Report } from './report.js';

/** Farther than this depth is not scored, as usual since KITTI: no sensor here measures it. */
export const FARTHEST = 80;

/** True depth in metres, NaN where it does not count. */
export interface DepthTruth {
  readonly metres: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Truth with the depths that do not count left out: none, and beyond `FARTHEST`. A copy. */
export function scorable(metres: Float32Array): Float32Array {
  return metres.map((z) => (z > 0 && z < FARTHEST ? z : Number.NaN));
}

/**
 * Depth everywhere: where the model says that there is none, it is taken to say the farthest it says anywhere in the frame, for
 * leaving such pixels out would reward a model for not answering. A copy.
 */
export function everywhere(prediction: Float32Array): Float32Array {
  const farthest = prediction.reduce((most, z) => (z > most ? z : most), 0) || FARTHEST;
  return prediction.map((z) => (z > 0 ? z : farthest));
}

/** Those that are not NaN: an item of which no frame could be compared has no figures. */
const knownOf = (values: readonly number[]): readonly number[] => values.filter((value) => !Number.isNaN(value));

/** The mean of those that are known; NaN of none. */
function meanOf(values: readonly number[]): number {
  const known = knownOf(values);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

type ConfidenceFigure = Exclude<keyof DepthConfidenceScores, 'sparsification' | 'sparsificationOracle'>;

/** Mean depth scores, of each item's frames and then of the items: neighbouring frames of a sequence are nearly one picture. */
class ItemMean {
  readonly #items = new Map<string, DepthMetrics>();

  add(item: string, prediction: Float32Array, truth: Float32Array): DepthFrameScores | undefined {
    let metrics = this.#items.get(item);
    if (metrics === undefined) this.#items.set(item, (metrics = new DepthMetrics()));
    return metrics.add(prediction, truth);
  }

  result(): Omit<DepthScores, 'coverage' | 'frames'> {
    const all = [...this.#items.values()].map((metrics) => metrics.result());
    const mean = (name: keyof DepthScores): number => meanOf(all.map((scores) => scores[name]));
    return {
      scaleError: median(Float64Array.from(knownOf(all.map(({ scaleError }) => scaleError)))),
      absRel: mean('absRel'), absRelScale: mean('absRelScale'), absRelLogAffine: mean('absRelLogAffine'),
      delta1: mean('delta1'), delta1Scale: mean('delta1Scale'), delta1LogAffine: mean('delta1LogAffine'),
    };
  }
}

/** What the model's confidence is worth, and where it said a depth at all: likewise of each item's frames, then of the items. */
class ItemAnswers {
  readonly #items = new Map<string, { readonly confidence: DepthConfidenceMetrics; readonly coverage: number[] }>();

  /** One frame: the share of its pixels with a depth and, where the model is unsure, prediction, truth and confidence. */
  add(item: string, coverage: number, confidence?: readonly [prediction: Float32Array, truth: Float32Array, confidence: Float32Array]): void {
    let metrics = this.#items.get(item);
    if (metrics === undefined) this.#items.set(item, (metrics = { confidence: new DepthConfidenceMetrics(), coverage: [] }));
    metrics.coverage.push(coverage);
    if (confidence) metrics.confidence.add(...confidence);
  }

  get coverage(): number {
    return meanOf([...this.#items.values()].map(({ coverage }) => meanOf(coverage)));
  }

  /** Undefined where no frame has a confidence that could be compared. */
  confidence(): DepthConfidenceScores | undefined {
    const all = [...this.#items.values()].flatMap(({ confidence }) => confidence.result() ?? []);
    if (all.length === 0) return undefined;
    const mean = (name: ConfidenceFigure): number => meanOf(all.map((scores) => scores[name]));
    const curve = (name: 'sparsification' | 'sparsificationOracle'): Record<string, number> =>
      Object.fromEntries(Object.keys(all[0][name]).map((percent) => [percent, meanOf(all.map((scores) => scores[name][percent]))]));
    return {
      ause: mean('ause'), auseRandom: mean('auseRandom'), sparsification: curve('sparsification'), sparsificationOracle: curve('sparsificationOracle'),
      ece: mean('ece'), eceScale: mean('eceScale'), confidence: mean('confidence'), within10: mean('within10'), within10Scale: mean('within10Scale'),
    };
  }
}

/** Depth scores of a set with those of its baselines. Every item counts the same. */
export class DepthTally {
  readonly #ours = new ItemMean();
  readonly #constant = new ItemMean();
  readonly #gradient = new ItemMean();
  readonly #rowPrior = new ItemMean();
  readonly #answers = new ItemAnswers();
  readonly #priors = new Map<string, RowPriorFit>();
  /** Truths are read again for the row prior, which is known only when all items have been seen. */
  readonly #truths: { readonly item: string; readonly load: () => Promise<DepthTruth> }[] = [];

  /**
   * Adds one frame, with depth `everywhere`; `coverage` tells the share of pixels where the model said some.
   *
   * @param prediction metres at the truth's size
   * @param load reads the same truth again, for the row prior
   * @param confidence 0..1 per pixel, where the model has one; taken as 0 where it says no depth
   */
  add(item: string, prediction: Float32Array, truth: DepthTruth, load: () => Promise<DepthTruth>, confidence?: Float32Array): DepthFrameScores | undefined {
    const { metres, width, height } = truth;
    const known = metres.reduce((sum, z) => sum + (z > 0 ? 1 : 0), 0);
    const answered = metres.reduce((sum, z, i) => sum + (z > 0 && prediction[i] > 0 ? 1 : 0), 0);
    const answer = everywhere(prediction);
    const scores = this.#ours.add(item, answer, metres);
    if (scores === undefined) return undefined;
    this.#answers.add(item, answered / known, confidence && [answer, metres, confidence.map((c, i) => (prediction[i] > 0 ? c : 0))]);
    this.#constant.add(item, constantDepth(width, height, median(Float64Array.from(metres.filter((z) => z > 0)))), metres);
    this.#gradient.add(item, gradientFit(metres, width, height), metres);
    let fit = this.#priors.get(item);
    if (fit === undefined) this.#priors.set(item, (fit = new RowPriorFit()));
    fit.add(metres, width, height);
    this.#truths.push({ item, load });
    return scores;
  }

  /** The report; undefined when nothing was added. */
  async report(set: string): Promise<Report | undefined> {
    if (this.#truths.length === 0) return undefined;
    const priors = [...this.#priors].map(([item, fit]) => ({ item, prior: fit.result()! }));
    let [known, prior]: [string, RowPrior | undefined] = ['', undefined];
    for (const { item, load } of this.#truths) {
      if (item !== known) [known, prior] = [item, meanPrior(priors.filter((other) => other.item !== item).map((other) => other.prior))];
      if (prior === undefined) break;
      const { metres, width, height } = await load();
      this.#rowPrior.add(item, rowPriorDepth(prior, width, height), metres);
    }
    const frames = this.#truths.length;
    const { auseRandom, ...confidence } = this.#answers.confidence() ?? { auseRandom: undefined };
    return {
      task: 'depth', set, items: this.#priors.size, frames, metrics: { ...this.#ours.result(), coverage: this.#answers.coverage, ...confidence },
      baselines: { constant: this.#constant.result(), ...(prior && { rowPrior: this.#rowPrior.result() }), gradientFit: this.#gradient.result(), ...sureOfNothing(auseRandom) },
    };
  }
}

/** The mean row profile of several items, each counting the same; undefined of none. */
export function meanPrior(priors: readonly RowPrior[]): RowPrior | undefined {
  if (priors.length === 0) return undefined;
  return { logDepth: priors[0].logDepth.map((_, row) => priors.reduce((sum, { logDepth }) => sum + logDepth[row], 0) / priors.length) };
}

/** What a confidence that says nothing reaches; nothing where the model has none. */
const sureOfNothing = (ause: number | undefined): Readonly<Record<string, Figures>> => (ause === undefined ? {} : { randomConfidence: { ause } });
