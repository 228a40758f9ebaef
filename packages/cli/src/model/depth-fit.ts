import type { RawDepth } from '@sextant/model';

/** Pixels that a frame adds, at most; frames count alike. */
const PER_FRAME = 2000;
/** Confidence is about a factor of 1.1. */
const WITHIN = Math.log(1.1);
/** Thresholds of "no depth" that are tried. */
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99] as const;
/** Temperatures lie within this factor of 1. */
const MOST_TEMPERATURE = 20;

/** How well a threshold of "no depth" finds the sky. */
export interface SkyScores {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  /** Intersection over union of the pixels without depth. */
  readonly iou: number;
}

/** What a temperature of the confidence gives. */
export interface TemperatureScores {
  readonly scale: number;
  /** Mean negative log-likelihood of "within a factor of 1.1", nats. */
  readonly nll: number;
  /** Mean confidence, and the share it should equal. */
  readonly confidence: number;
  readonly within10: number;
}

/** True depth in metres on the head's grid: NaN is sky, and what `counts` leaves out is neither. */
export interface FitTruth {
  readonly metres: Float32Array;
  readonly counts: (metres: number) => boolean;
}

/**
 * Fits what a depth codec cannot learn: the temperature of its confidence (`confidenceScale`, Guo et al. 2017: the largest
 * likelihood of "within a factor of 1.1", metres as given) and the probability from which there is no depth (`skyThreshold`: the largest
 * intersection over union of the sky, all frames pooled).
 */
export class DepthFit {
  readonly #scale: number[] = [];
  readonly #hit: boolean[] = [];
  readonly #frame: number[] = [];
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
    const step = Math.max(1, known.length / PER_FRAME);
    for (let at = 0; at < known.length; at += step) {
      const i = known[Math.floor(at)];
      this.#scale.push(Math.exp(logScale[i]));
      this.#hit.push(Math.abs(logMetres[i] - Math.log(metres[i])) < WITHIN);
      this.#frame.push(this.#frames);
    }
    this.#frames += 1;
  }

  /** Every threshold tried; undefined where no frame had any sky. */
  sky(): readonly SkyScores[] | undefined {
    if (this.#skyPixels === 0) return undefined;
    return this.#sky.map(({ both, said }, k) => ({
      threshold: THRESHOLDS[k], precision: said === 0 ? 1 : both / said, recall: both / this.#skyPixels, iou: both / (this.#skyPixels + said - both),
    }));
  }

  /** Scores of one temperature; NaN without any pixel. */
  at(scale: number): TemperatureScores {
    const weight = this.#weights();
    let [nll, confidence, within10, all] = [0, 0, 0, 0];
    this.#scale.forEach((b, i) => {
      const w = weight[this.#frame[i]];
      const p = Math.min(1 - 1e-6, Math.max(1e-6, 1 - Math.exp(-WITHIN / (scale * b))));
      nll -= w * Math.log(this.#hit[i] ? p : 1 - p);
      confidence += w * p;
      if (this.#hit[i]) within10 += w;
      all += w;
    });
    return { scale, nll: nll / all, confidence: confidence / all, within10: within10 / all };
  }

  /** The temperature of the largest likelihood, by golden section: the likelihood has one maximum. Undefined without any pixel. */
  temperature(): TemperatureScores | undefined {
    if (this.#scale.length === 0) return undefined;
    const ratio = (Math.sqrt(5) - 1) / 2;
    let [low, high] = [-Math.log(MOST_TEMPERATURE), Math.log(MOST_TEMPERATURE)];
    const cost = (log: number): number => this.at(Math.exp(log)).nll;
    let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    let [costA, costB] = [cost(a), cost(b)];
    while (high - low > 1e-3) {
      if (costA < costB) {
        [high, b, costB] = [b, a, costA];
        a = high - ratio * (high - low);
        costA = cost(a);
      } else {
        [low, a, costA] = [a, b, costB];
        b = low + ratio * (high - low);
        costB = cost(b);
      }
    }
    return this.at(Math.exp((low + high) / 2));
  }

  /** Of a pixel of each frame, so that frames count alike. */
  #weights(): Float64Array {
    const counts = new Float64Array(this.#frames);
    for (const frame of this.#frame) counts[frame] += 1;
    return counts.map((count) => (count === 0 ? 0 : 1 / count));
  }
}

/** The threshold with the largest intersection over union. */
export function bestSky(scores: readonly SkyScores[]): SkyScores {
  return scores.reduce((best, each) => (each.iou > best.iou ? each : best));
}
