import type { Person } from '@sextant/core';

/**
 * What a program can say without looking at the picture (or, for the fitted ones, by looking at the truth): every
 * score of a model is printed beside these. Maps are row-major, `width * height` values.
 */

/** The same depth everywhere, metres; after scaling, the best any constant can do in the median. */
export function constantDepth(width: number, height: number, metres = 3): Float32Array {
  return new Float32Array(width * height).fill(metres);
}

/** Mean log depth by relative row, fitted on training truth. */
export interface RowPrior {
  /** ln metres at the centres of equally high rows, top first. */
  readonly logDepth: readonly number[];
}

/** Fits a row prior of `rows` rows: the mean of ln depth over the valid pixels of each. Empty rows take their nearest neighbour's. */
export class RowPriorFit {
  readonly #sum: Float64Array;
  readonly #count: Float64Array;

  /** @param rows rows of the prior; default 48 */
  constructor(rows = 48) {
    this.#sum = new Float64Array(rows);
    this.#count = new Float64Array(rows);
  }

  /** Adds one true depth map (metres, NaN or 0 where there is none). */
  add(truth: ArrayLike<number>, width: number, height: number): void {
    const rows = this.#sum.length;
    for (let y = 0; y < height; y += 1) {
      const row = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height));
      for (let x = 0; x < width; x += 1) {
        const z = truth[y * width + x];
        if (!(z > 0 && z < Infinity)) continue;
        this.#sum[row] += Math.log(z);
        this.#count[row] += 1;
      }
    }
  }

  /** The prior so far; undefined before any valid pixel. */
  result(): RowPrior | undefined {
    const known = Array.from(this.#count.keys()).filter((row) => this.#count[row] > 0);
    if (known.length === 0) return undefined;
    const logDepth = Array.from(this.#sum, (_, row) => {
      const nearest = known.reduce((best, other) => (Math.abs(other - row) < Math.abs(best - row) ? other : best));
      return this.#sum[nearest] / this.#count[nearest];
    });
    return { logDepth };
  }
}

/** Depth by row alone, from a fitted prior, linear in log depth between its rows. */
export function rowPriorDepth(prior: RowPrior, width: number, height: number): Float32Array {
  const rows = prior.logDepth.length;
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const at = Math.min(rows - 1, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
    const first = Math.min(Math.floor(at), Math.max(0, rows - 2));
    const second = Math.min(first + 1, rows - 1);
    const log = prior.logDepth[first] + (at - first) * (prior.logDepth[second] - prior.logDepth[first]);
    out.fill(Math.exp(log), y * width, (y + 1) * width);
  }
  return out;
}

/**
 * The vertical gradient of log depth that fits this very truth best (least squares over its valid pixels): a floor
 * seen by an oracle. NaN everywhere when nothing is valid.
 */
export function gradientFit(truth: ArrayLike<number>, width: number, height: number): Float32Array {
  let [n, sumY, sumL, sumYY, sumYL] = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const z = truth[y * width + x];
      if (!(z > 0 && z < Infinity)) continue;
      const log = Math.log(z);
      n += 1;
      sumY += y;
      sumL += log;
      sumYY += y * y;
      sumYL += y * log;
    }
  }
  const spread = n * sumYY - sumY * sumY;
  const slope = spread > 0 ? (n * sumYL - sumY * sumL) / spread : 0;
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) out.fill(Math.exp((sumL - slope * sumY) / n + slope * y), y * width, (y + 1) * width);
  return out;
}

/** No motion anywhere: interleaved (u, v). */
export function zeroFlow(width: number, height: number): Float32Array {
  return new Float32Array(width * height * 2);
}

/** One class everywhere: a person in every pixel, or all background (`id` 0). */
export function constantLabels(width: number, height: number, id: number): Uint8Array {
  return new Uint8Array(width * height).fill(id);
}

/**
 * A person as an upright ellipse in the middle of the picture, background (0) around.
 *
 * @param id the class of the ellipse
 * @param axes its width and height as shares of the picture's; default 0.5 and 0.9
 */
export function centredEllipse(width: number, height: number, id: number, axes: readonly [number, number] = [0.5, 0.9]): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const dy = (2 * (y + 0.5)) / height - 1;
    for (let x = 0; x < width; x += 1) {
      const dx = (2 * (x + 0.5)) / width - 1;
      if ((dx / axes[0]) ** 2 + (dy / axes[1]) ** 2 <= 1) out[y * width + x] = id;
    }
  }
  return out;
}

/** A pose relative to its person's box: 17 pairs of x, y in 0..1 of its width and height, COCO order. */
export type RelativePose = readonly (readonly [number, number])[];

/** Fits the mean pose: the mean place of each labelled joint within its person's box. */
export class MeanPoseFit {
  readonly #sum = Array.from({ length: 17 }, (): [number, number, number] => [0, 0, 0]);

  /** Adds one true person. */
  add(person: { readonly box: readonly [number, number, number, number]; readonly keypoints: readonly { x: number; y: number; visible: number }[] }): void {
    const [left, top, width, height] = person.box;
    if (!(width > 0 && height > 0)) return;
    person.keypoints.forEach(({ x, y, visible }, j) => {
      if (visible === 0) return;
      this.#sum[j][0] += (x - left) / width;
      this.#sum[j][1] += (y - top) / height;
      this.#sum[j][2] += 1;
    });
  }

  /** The mean pose so far; joints never labelled lie in the middle of the box. */
  result(): RelativePose {
    return this.#sum.map(([x, y, n]): [number, number] => (n === 0 ? [0.5, 0.5] : [x / n, y / n]));
  }
}

/** The mean pose put into a person's box. */
export function meanPose(pose: RelativePose, box: readonly [number, number, number, number]): Person {
  const keypoints = pose.map(([x, y]) => ({ x: box[0] + x * box[2], y: box[1] + y * box[3], score: 1 }));
  return { id: 0, score: 1, box, keypoints };
}
