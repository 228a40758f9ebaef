import type { Modality, Perception } from '@sextant/core';
import { FlowMetrics, OcclusionMetrics, zeroFlow } from '@sextant/model';
import type { FlowFrameScores } from '@sextant/model';
import type { Report } from './report.js';

/** How probably each pixel was visible before, and what was truly hidden (1), visible (0) or does not count. */
export interface Visibility {
  readonly visible: ArrayLike<number>;
  readonly occlusion: ArrayLike<number>;
}

/**
 * What the model says of the second picture of a pair, with flow where it was asked for: where it took the pair for a cut and said none, nothing
 * moved, for leaving such pairs out would reward a model for not answering. At the frame's size.
 */
export function withMotion(said: Perception, asked: readonly Modality[]): Perception {
  const { flow, frame: { width, height } } = said;
  return flow || !asked.includes('flow') ? said : { ...said, flow: { width, height, pixels: zeroFlow(width, height) } };
}

/** Flow scores of a set beside those of no motion at all. Every pair counts the same. */
export class FlowTally {
  readonly #ours = new FlowMetrics();
  readonly #zero = new FlowMetrics();
  readonly #occlusion = new OcclusionMetrics();
  #judged = false;
  readonly #items = new Set<string>();

  /** Adds one pair: (u, v) interleaved in pixels of the truth's grid, truth NaN where it does not count. */
  add(item: string, prediction: Float32Array, truth: Float32Array, width: number, height: number, visibility?: Visibility): FlowFrameScores | undefined {
    const scores = this.#ours.add(prediction, truth);
    if (scores === undefined) return undefined;
    this.#zero.add(zeroFlow(width, height), truth);
    this.#items.add(item);
    if (visibility) {
      this.#judged = true;
      this.#occlusion.add(visibility.visible, visibility.occlusion);
    }
    return scores;
  }

  /** The report; undefined when nothing was added. */
  report(set: string): Report | undefined {
    if (this.#items.size === 0) return undefined;
    const { frames, ...metrics } = this.#ours.result();
    const { epe, fl } = this.#zero.result();
    return { task: 'flow', set, items: this.#items.size, frames, metrics: { ...metrics, ...(this.#judged ? this.#occlusion.result() : {}) }, baselines: { zero: { epe, fl } } };
  }
}
