import { checkSameLength } from './same-length.js';

/** How well a flow's confidence tells what was hidden before; pixels of all frames pooled, NaN where nothing was hidden. */
export interface OcclusionScores {
  /** Average precision of 1 - confidence as the score of "hidden in the previous frame or outside it". */
  readonly occlusionAP: number;
  /** F1 of "hidden" where confidence is below 0.5. */
  readonly occlusionF1: number;
  /** The best F1 of any threshold, chosen by the truth. */
  readonly occlusionF1Best: number;
  /** Share of hidden pixels: what the average precision is without a score. */
  readonly occluded: number;
}

/** Levels of confidence told apart. */
const LEVELS = 1024;

/** Accumulates the confidence of flow fields against true occlusion. */
export class OcclusionMetrics {
  readonly #hidden = new Float64Array(LEVELS);
  readonly #seen = new Float64Array(LEVELS);

  /**
   * Adds one frame.
   *
   * @param confidence 0..1: probability that the surface was visible in the previous frame
   * @param occlusion 1 where it was hidden or outside the picture, 0 where it was visible; anything else does not count
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(confidence: ArrayLike<number>, occlusion: ArrayLike<number>): void {
    checkSameLength('flow confidence', confidence.length, occlusion.length);
    for (let i = 0; i < occlusion.length; i += 1) {
      const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(confidence[i] * LEVELS)));
      if (occlusion[i] === 1) this.#hidden[level] += 1;
      else if (occlusion[i] === 0) this.#seen[level] += 1;
    }
  }

  /** The scores so far. */
  result(): OcclusionScores {
    const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);
    const [hidden, seen] = [total(this.#hidden), total(this.#seen)];
    let [right, wrong, area, f1, best] = [0, 0, 0, 0, 0];
    for (let level = 0; level < LEVELS; level += 1) {
      if (level === LEVELS / 2) f1 = (2 * right) / (hidden + right + wrong);
      right += this.#hidden[level];
      wrong += this.#seen[level];
      if (right + wrong > 0) area += (this.#hidden[level] / hidden) * (right / (right + wrong));
      best = Math.max(best, (2 * right) / (hidden + right + wrong));
    }
    const known = hidden > 0;
    return { occlusionAP: known ? area : Number.NaN, occlusionF1: known ? f1 : Number.NaN, occlusionF1Best: known ? best : Number.NaN, occluded: hidden / (hidden + seen) };
  }
}
