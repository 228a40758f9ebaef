import { checkSameLength } from './same-length.js';
import { SIZE_BANDS, sizeBand } from './size-bands.js';
import type { BySize } from './size-bands.js';

/** How the parts of a body are mistaken; shares of 0..1, pixels of all frames pooled, NaN when nothing could be compared. */
export interface DensePoseBreakdown {
  /** Share of the pixels with a true part that were found to be of some body. */
  readonly bodyRecall: number;
  /** Share of the pixels found to be of a body that are. */
  readonly bodyPrecision: number;
  /** Of the pixels found to be of a body: share with the right part. */
  readonly partAccuracyFound: number;
  /** Of the same: share with the right limb or region (head, torso, upper arm, ...), whatever its side. */
  readonly regionAccuracyFound: number;
  /** Of the same: share with the part of the other side (left hand for right hand). */
  readonly leftRightSwapped: number;
  /** Of the same: share with the part of the other face (back of the torso for its front). */
  readonly frontBackSwapped: number;
  /** Of the same: share with both wrong (back of the left thigh for the front of the right one). */
  readonly bothSwapped: number;
  /** Share of the pixels with a true part that got it, by the longer side of their person's box. */
  readonly partAccuracyBySize: BySize;
  /** The same of those found to be of a body. */
  readonly partAccuracyFoundBySize: BySize;
  /** Share of each part's pixels that got it, those not found included. */
  readonly recallByPart: Readonly<Record<string, number>>;
}

const PARTS = 25;

/**
 * DensePose's 24 parts (Güler et al. 2018, arXiv 1802.00434) by region, side and face. Hands, feet and the halves of the
 * head have no face, the torso has no side.
 */
const TABLE: readonly (readonly [region: string, side: '' | 'left' | 'right', face: '' | 'front' | 'back'])[] = [
  ['none', '', ''], ['torso', '', 'back'], ['torso', '', 'front'], ['hand', 'right', ''], ['hand', 'left', ''], ['foot', 'left', ''], ['foot', 'right', ''],
  ['thigh', 'right', 'back'], ['thigh', 'left', 'back'], ['thigh', 'right', 'front'], ['thigh', 'left', 'front'],
  ['shin', 'right', 'back'], ['shin', 'left', 'back'], ['shin', 'right', 'front'], ['shin', 'left', 'front'],
  ['upper arm', 'left', 'back'], ['upper arm', 'right', 'back'], ['upper arm', 'left', 'front'], ['upper arm', 'right', 'front'],
  ['forearm', 'left', 'back'], ['forearm', 'right', 'back'], ['forearm', 'left', 'front'], ['forearm', 'right', 'front'],
  ['head', 'right', ''], ['head', 'left', ''],
];

/** Names of the parts, `left hand`, `torso back`; position = part, 0 is nobody. */
export const DENSEPOSE_PARTS: readonly string[] = TABLE.map(([region, side, face]) => [side, region, face].filter((word) => word !== '').join(' '));

/** DensePose's parts after the words of their names that `words` holds were replaced by its. */
export function exchangedParts(words: Readonly<Record<string, string>>): readonly number[] {
  return DENSEPOSE_PARTS.map((name) => DENSEPOSE_PARTS.indexOf(name.split(' ').map((word) => words[word] ?? word).join(' ')));
}

/** Accumulates how parts are mistaken, frame by frame; beside `DensePoseMetrics`, which says how often. */
export class DensePoseConfusion {
  /** Rows: truth, columns: prediction. */
  readonly #all = new Float64Array(PARTS * PARTS);
  /** Right, found and all pixels of each band of sizes. */
  readonly #bands = SIZE_BANDS.map(() => ({ right: 0, found: 0, all: 0 }));

  /**
   * Adds one frame, part 0..24 per pixel. A true part above 24 does not count; a predicted one counts as none.
   *
   * @param size the longer side of the box of the person at each pixel, pixels of the picture; 0 where it is not known
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(prediction: Uint8Array, truth: Uint8Array, size?: ArrayLike<number>): void {
    checkSameLength('densepose', prediction.length, truth.length);
    for (let i = 0; i < truth.length; i += 1) {
      const actual = truth[i];
      if (actual >= PARTS) continue;
      const predicted = prediction[i] < PARTS ? prediction[i] : 0;
      this.#all[actual * PARTS + predicted] += 1;
      if (actual === 0 || !size || !(size[i] > 0)) continue;
      const band = this.#bands[sizeBand(size[i])];
      band.all += 1;
      if (predicted > 0) band.found += 1;
      if (predicted === actual) band.right += 1;
    }
  }

  /** Pixels of part `truth` predicted as part `prediction`, all frames together. */
  count(truth: number, prediction: number): number {
    return this.#all[truth * PARTS + prediction];
  }

  /** The breakdown so far. */
  result(): DensePoseBreakdown {
    const sums = { body: 0, found: 0, invented: 0, right: 0, region: 0, side: 0, face: 0, both: 0 };
    const recallByPart: Record<string, number> = {};
    for (let actual = 0; actual < PARTS; actual += 1) {
      let row = 0;
      for (let predicted = 0; predicted < PARTS; predicted += 1) {
        const count = this.count(actual, predicted);
        row += count;
        if (actual === 0 && predicted > 0) sums.invented += count;
        if (actual === 0 || predicted === 0) continue;
        sums.found += count;
        const [[region, side, face], [saidRegion, saidSide, saidFace]] = [TABLE[actual], TABLE[predicted]];
        if (region !== saidRegion) continue;
        sums.region += count;
        if (side === saidSide) sums[face === saidFace ? 'right' : 'face'] += count;
        else sums[face === saidFace ? 'side' : 'both'] += count;
      }
      if (actual === 0) continue;
      sums.body += row;
      if (row > 0) recallByPart[DENSEPOSE_PARTS[actual]] = this.count(actual, actual) / row;
    }
    const { body, found, invented } = sums;
    const bands = (share: (band: { right: number; found: number; all: number }) => number): BySize =>
      Object.fromEntries(SIZE_BANDS.map(({ name }, b) => [name, share(this.#bands[b])])) as BySize;
    return {
      bodyRecall: found / body, bodyPrecision: found / (found + invented), partAccuracyFound: sums.right / found, regionAccuracyFound: sums.region / found,
      leftRightSwapped: sums.side / found, frontBackSwapped: sums.face / found, bothSwapped: sums.both / found,
      partAccuracyBySize: bands(({ right, all }) => right / all), partAccuracyFoundBySize: bands(({ right, found: seen }) => right / seen), recallByPart,
    };
  }
}
