import { Mean, median } from './mean.js';
import { checkSameLength } from './same-length.js';

/** How much estimates change along the motion; means over pairs of frames, NaN when nothing could be compared. */
export interface SteadinessScores {
  /** Median and mean over pixels of |ln depth now - ln depth of the same surface one frame earlier|. */
  readonly depthMedian: number;
  readonly depthMean: number;
  /** The same after the pair's median difference is removed: without the breathing of the whole scale. */
  readonly depthMedianCentred: number;
  readonly depthMeanCentred: number;
  /** Share of pixels whose class is another than that of the same surface one frame earlier. */
  readonly labelsChanged: number;
  /** Pairs of frames that counted. */
  readonly pairs: number;
}

/** Where each pixel's surface was one frame earlier; all maps of one size. */
export interface Motion {
  readonly width: number;
  readonly height: number;
  /** (u, v) interleaved in pixels: position now minus before, on the newer frame's grid; NaN where unknown. */
  readonly flow: ArrayLike<number>;
  /** 1 where the surface was hidden before; such pixels do not count. */
  readonly occlusion?: ArrayLike<number>;
}

/** Depth and classes of one frame; either may be absent. */
export interface SteadySample {
  /** Metres, NaN or 0 where there is none. */
  readonly depth?: ArrayLike<number>;
  readonly labels?: ArrayLike<number>;
}

/** Fewer compared pixels than this tell nothing of a pair. */
const FEWEST_PIXELS = 100;

/** Accumulates the flow-warped change of estimates over pairs of neighbouring frames. */
export class SteadinessMetrics {
  readonly #means = { depthMedian: new Mean(), depthMean: new Mean(), depthMedianCentred: new Mean(), depthMeanCentred: new Mean(), labelsChanged: new Mean() };
  #pairs = 0;

  /**
   * Adds one pair of frames. A pixel counts where its surface was visible inside the earlier frame; depth is compared with the
   * earlier log depth interpolated linearly at the place where it was, a class with the nearest one.
   *
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(now: SteadySample, before: SteadySample, motion: Motion): void {
    const { width, height, flow, occlusion } = motion;
    checkSameLength('flow', flow.length, width * height * 2);
    for (const map of [now.depth, before.depth, now.labels, before.labels, occlusion]) if (map) checkSameLength('steadiness', map.length, width * height);
    const changes = new Float64Array(width * height);
    let [compared, labelled, changed] = [0, 0, 0];
    for (let i = 0; i < width * height; i += 1) {
      if (occlusion?.[i] === 1) continue;
      const [x, y] = [(i % width) - flow[2 * i], Math.floor(i / width) - flow[2 * i + 1]];
      if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1)) continue;
      if (now.labels && before.labels) {
        labelled += 1;
        if (now.labels[i] !== before.labels[Math.round(y) * width + Math.round(x)]) changed += 1;
      }
      if (!now.depth || !before.depth) continue;
      const change = Math.log(now.depth[i]) - logAt(before.depth, width, height, x, y);
      if (!Number.isFinite(change)) continue;
      changes[compared] = change;
      compared += 1;
    }
    if (compared >= FEWEST_PIXELS) {
      const list = changes.subarray(0, compared);
      const middle = median(list);
      const centred = list.map((change) => Math.abs(change - middle));
      const plain = list.map(Math.abs);
      this.#means.depthMedian.add(median(plain));
      this.#means.depthMean.add(mean(plain));
      this.#means.depthMedianCentred.add(median(centred));
      this.#means.depthMeanCentred.add(mean(centred));
    }
    if (labelled >= FEWEST_PIXELS) this.#means.labelsChanged.add(changed / labelled);
    if (Math.max(compared, labelled) >= FEWEST_PIXELS) this.#pairs += 1;
  }

  /** The scores so far. */
  result(): SteadinessScores {
    const { depthMedian, depthMean, depthMedianCentred, depthMeanCentred, labelsChanged } = this.#means;
    return {
      depthMedian: depthMedian.value, depthMean: depthMean.value, depthMedianCentred: depthMedianCentred.value, depthMeanCentred: depthMeanCentred.value,
      labelsChanged: labelsChanged.value, pairs: this.#pairs,
    };
  }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** ln of a map linearly between its four neighbours; not finite where one of them has no depth. */
function logAt(map: ArrayLike<number>, width: number, height: number, x: number, y: number): number {
  const [x0, y0] = [Math.min(Math.floor(x), Math.max(0, width - 2)), Math.min(Math.floor(y), Math.max(0, height - 2))];
  const [fx, fy] = [x - x0, y - y0];
  const [x1, y1] = [Math.min(x0 + 1, width - 1), Math.min(y0 + 1, height - 1)];
  const log = (column: number, row: number): number => Math.log(map[row * width + column]);
  return (1 - fy) * ((1 - fx) * log(x0, y0) + fx * log(x1, y0)) + fy * ((1 - fx) * log(x0, y1) + fx * log(x1, y1));
}

/**
 * Where a surface of the newer frame was hidden before, by forward-backward consistency (Sundaram et al. 2010): 1 where the
 * motion from the newer to the older frame and back does not return, |w + w'|^2 > 0.01 (|w|^2 + |w'|^2) + 0.5, or leaves
 * the picture.
 *
 * @param flow on the newer frame's grid, position now minus before, (u, v) interleaved in pixels
 * @param back on the older frame's grid, position before minus now
 */
export function inconsistent(flow: ArrayLike<number>, back: ArrayLike<number>, width: number, height: number): Uint8Array {
  checkSameLength('flow', flow.length, width * height * 2);
  checkSameLength('flow', back.length, width * height * 2);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [u, v] = [flow[2 * i], flow[2 * i + 1]];
    const [x, y] = [Math.round((i % width) - u), Math.round(Math.floor(i / width) - v)];
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return 1;
    const [bu, bv] = [back[2 * (y * width + x)], back[2 * (y * width + x) + 1]];
    // The step back to the older frame is -flow, and the step forth again -back: they cancel where both are right.
    return (u + bu) ** 2 + (v + bv) ** 2 <= 0.01 * (u * u + v * v + bu * bu + bv * bv) + 0.5 ? 0 : 1;
  });
}
