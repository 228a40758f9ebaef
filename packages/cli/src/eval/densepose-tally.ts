import { DensePoseMetrics } from '@sextant/model';
import type { DensePoseSample } from '@sextant/model';
import type { Report } from './report.js';

/** A part that is none of DensePose's: such truth does not count. */
export const VOID_PART = 255;

/** DensePose scores of a set beside those of the one part that is seen most. */
export class DensePoseTally {
  readonly #ours = new DensePoseMetrics();
  readonly #shown = new Float64Array(25);
  readonly #items = new Set<string>();

  /** Adds one picture; returns the share of its pixels of a person that got their part, NaN where there are none. */
  add(item: string, prediction: DensePoseSample, truth: DensePoseSample): number {
    const one = new DensePoseMetrics();
    one.add(prediction, truth);
    this.#ours.add(prediction, truth);
    for (const part of truth.part) if (part > 0 && part < 25) this.#shown[part] += 1;
    this.#items.add(item);
    return one.result().partAccuracy;
  }

  /** The report; undefined when nothing was added. */
  report(set: string): Report | undefined {
    const all = this.#shown.reduce((sum, count) => sum + count, 0);
    if (all === 0) return undefined;
    const { frames, ...metrics } = this.#ours.result();
    return { task: 'densepose', set, items: this.#items.size, frames, metrics: { ...metrics }, baselines: { commonPart: { partAccuracy: Math.max(...this.#shown) / all } } };
  }
}
