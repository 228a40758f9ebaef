import type { RawDepth } from '@sextant/model';
import { TemperatureFit } from './temperature-fit.js';

/** Pixels that a frame adds, at most; frames count alike. */
const PER_FRAME = 2000;
/** Thresholds of "no depth" that are tried. */
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99] as const;

/** How well a threshold of "no depth" finds the sky. */
export interface SkyScores {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  /** Intersection over union of the pixels without depth. */
  readonly iou: number;
}

/** True depth in metres on the head's grid: NaN is sky, and what `counts` leaves out is neither. */
export interface FitTruth {
  readonly metres: Float32Array;
  readonly counts: (metres: number) => boolean;
}

/**
 * Fits what a depth codec cannot learn: the temperatures of its confidence (`confidenceScale` for metres as given, `relativeConfidenceScale` for depth up to the one scale
 * of its frame, the median ratio) and the probability from which there is no depth (`skyThreshold`: the largest
 * intersection over union of the sky, all frames pooled).
 */
export class DepthFit {
  readonly metres = new TemperatureFit();
  readonly relative = new TemperatureFit();
  readonly #sky = THRESHOLDS.map(() => ({ both: 0, said: 0 }));
  #skyPixels = 0;
  #frames = 0;

  /** Frames added. */
  get frames(): number {
    return this.#frames;
  }

  /** Adds a frame; `truth` has the size of `raw`. */
  add({ logMetres, logScale, noDepth }: RawDepth, { metres, counts }: FitTruth): void {
    const known: number[] = [];
    metres.forEach((z, i) => {
      const sky = Number.isNaN(z);
      if (!sky && !counts(z)) return;
      if (sky) this.#skyPixels += 1;
      else known.push(i);
      const probability = 1 / (1 + Math.exp(-noDepth[i]));
      this.#sky.forEach((tally, k) => {
        if (probability <= THRESHOLDS[k]) return;
        tally.said += 1;
        if (sky) tally.both += 1;
      });
    });
    const [scales, errors]: [number[], number[]] = [[], []];
    const step = Math.max(1, known.length / PER_FRAME);
    for (let at = 0; at < known.length; at += step) {
      const i = known[Math.floor(at)];
      scales.push(Math.exp(logScale[i]));
      errors.push(logMetres[i] - Math.log(metres[i]));
    }
    const middle = [...errors].sort((a, b) => a - b)[errors.length >> 1];
    this.metres.add(scales, errors);
    this.relative.add(scales, errors.map((error) => error - middle));
    this.#frames += 1;
  }

  /** Every threshold tried; undefined where no frame had any sky. */
  sky(): readonly SkyScores[] | undefined {
    if (this.#skyPixels === 0) return undefined;
    return this.#sky.map(({ both, said }, k) => ({
      threshold: THRESHOLDS[k], precision: said === 0 ? 1 : both / said, recall: both / this.#skyPixels, iou: both / (this.#skyPixels + said - both),
    }));
  }
}

/** The threshold with the largest intersection over union. */
export function bestSky(scores: readonly SkyScores[]): SkyScores {
  return scores.reduce((best, each) => (each.iou > best.iou ? each : best));
}
