import { Mean } from './mean.js';
import { checkSameLength } from './same-length.js';

/** Accuracy of flow fields: means over frames of each frame's mean over its pixels; NaN when nothing could be compared. */
export interface FlowScores {
  /** End-point error, pixels (Baker et al. 2011). */
  readonly epe: number;
  /** Percentage (0..100) of pixels off by more than 3 pixels and more than 5% of the true motion (KITTI 2015). */
  readonly fl: number;
  /** Frames that counted. */
  readonly frames: number;
}

/** Scores of one frame. */
export type FlowFrameScores = Omit<FlowScores, 'frames'>;

/**
 * Scores one flow field against its truth; both interleave (u, v) in pixels of the same grid. Pixels whose truth is not
 * finite, or where `valid` is 0, do not count; an unknown (NaN) prediction there counts as no motion, because leaving
 * out what it does not know would make a field look better than it is.
 * Undefined where nothing can be compared.
 *
 * @param valid one value per pixel, 0 where the truth is not to be used
 * @throws SextantError `bad-argument` when the sizes differ.
 */
export function scoreFlow(prediction: ArrayLike<number>, truth: ArrayLike<number>, valid?: ArrayLike<number>): FlowFrameScores | undefined {
  checkSameLength('flow', prediction.length, truth.length);
  if (valid !== undefined) checkSameLength('flow validity', valid.length * 2, truth.length);
  let [sum, outliers, count] = [0, 0, 0];
  for (let i = 0; i < truth.length; i += 2) {
    const [u, v] = [truth[i], truth[i + 1]];
    if (!Number.isFinite(u) || !Number.isFinite(v) || valid?.[i >> 1] === 0) continue;
    const known = Number.isFinite(prediction[i]) && Number.isFinite(prediction[i + 1]);
    const error = known ? Math.hypot(prediction[i] - u, prediction[i + 1] - v) : Math.hypot(u, v);
    sum += error;
    count += 1;
    if (error > 3 && error > 0.05 * Math.hypot(u, v)) outliers += 1;
  }
  return count === 0 ? undefined : { epe: sum / count, fl: (100 * outliers) / count };
}

/** Accumulates flow scores frame by frame. */
export class FlowMetrics {
  readonly #epe = new Mean();
  readonly #fl = new Mean();

  /** Adds one frame and returns its own scores; see `scoreFlow`. */
  add(prediction: ArrayLike<number>, truth: ArrayLike<number>, valid?: ArrayLike<number>): FlowFrameScores | undefined {
    const scores = scoreFlow(prediction, truth, valid);
    if (scores === undefined) return undefined;
    this.#epe.add(scores.epe);
    this.#fl.add(scores.fl);
    return scores;
  }

  /** The means so far. */
  result(): FlowScores {
    return { epe: this.#epe.value, fl: this.#fl.value, frames: this.#epe.count };
  }
}
