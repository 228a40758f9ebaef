import { DensePoseConfusion, DensePoseMetrics } from '@sextant/model';
import type { DensePoseSample } from '@sextant/model';
import type { Report } from './report.js';

/** True parts, and the longer side of the box of each pixel's person (0 where it is not known). */
export interface DensePoseTruth extends DensePoseSample {
  readonly size?: ArrayLike<number>;
}

/** DensePose scores of a set, and how parts are mistaken, beside those of the one part that is seen most. */
export class DensePoseTally {
  readonly #ours = new DensePoseMetrics();
  readonly #confusion = new DensePoseConfusion();
  readonly #shown = new Float64Array(25);
  readonly #items = new Set<string>();

  /** Adds one picture; returns the share of its pixels of a person that got their part, NaN where there are none. */
  add(item: string, prediction: DensePoseSample, truth: DensePoseTruth): number {
    const one = new DensePoseMetrics();
    one.add(prediction, truth);
    this.#ours.add(prediction, truth);
    this.#confusion.add(prediction.part, truth.part, truth.size);
    for (const part of truth.part) if (part > 0 && part < 25) this.#shown[part] += 1;
    this.#items.add(item);
    return one.result().partAccuracy;
  }

  /** The report; undefined when nothing was added. */
  report(set: string): Report | undefined {
    const all = this.#shown.reduce((sum, count) => sum + count, 0);
    if (all === 0) return undefined;
    const { frames, ...metrics } = this.#ours.result();
    return {
      task: 'densepose', set, items: this.#items.size, frames, metrics: { ...metrics, ...this.#confusion.result() },
      baselines: { commonPart: { partAccuracy: Math.max(...this.#shown) / all } },
    };
  }
}
