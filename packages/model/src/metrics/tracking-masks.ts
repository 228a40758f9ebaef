import { assign } from '../tracking/assignment.js';
import { checkSameLength } from './same-length.js';
import { SAME_THING } from './tracking.js';
import type { TrackedFrame } from './tracking.js';

/** The masks of two maps of ids, in the order of their first pixels, and how they lie on each other. */
export interface MaskOverlap {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Pixels of each. */
  readonly rowAreas: readonly number[];
  readonly columnAreas: readonly number[];
  /** Intersection over union, 0..1, of row r and column c at [r * columns.length + c]. */
  readonly iou: Float64Array;
}

/**
 * Intersection over union of every mask of one map of ids with every one of another; 0 is no id.
 *
 * @throws SextantError `bad-argument` when the sizes differ.
 */
export function maskOverlap(rows: Uint16Array, columns: Uint16Array): MaskOverlap {
  checkSameLength('mask overlap', columns.length, rows.length);
  const [rowAreas, columnAreas, shared] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  const count = (map: Map<number, number>, key: number): Map<number, number> => map.set(key, (map.get(key) ?? 0) + 1);
  for (let i = 0; i < rows.length; i += 1) {
    if (rows[i] > 0) count(rowAreas, rows[i]);
    if (columns[i] > 0) count(columnAreas, columns[i]);
    if (rows[i] > 0 && columns[i] > 0) count(shared, rows[i] * 65_536 + columns[i]);
  }
  const iou = [...rowAreas].flatMap(([row, a]) => [...columnAreas].map(([column, b]) => {
    const both = shared.get(row * 65_536 + column) ?? 0;
    return both / (a + b - both);
  }));
  return { rows: [...rowAreas.keys()], columns: [...columnAreas.keys()], rowAreas: [...rowAreas.values()], columnAreas: [...columnAreas.values()], iou: Float64Array.from(iou) };
}

/**
 * Of the true and predicted instances of a picture those that count, as the MOT Challenge and MOTS do with what nobody annotated
 * (Milan et al. 2016, Voigtlaender et al. 2019): true masks of at least `least` pixels; predictions that show one of them, and of
 * the others those of at least `least` pixels of which at most half lie where the truth is unknown or too small to count.
 *
 * @param truth ids per pixel, 0 none
 * @param predicted ids per pixel, of the same size
 * @param unknown 1 where there may be things without an id
 * @throws SextantError `bad-argument` when the sizes differ.
 */
export function compareMasks(truth: Uint16Array, predicted: Uint16Array, least: number, unknown?: ArrayLike<number>): TrackedFrame {
  if (unknown) checkSameLength('unknown pixels', unknown.length, truth.length);
  const { rows, columns, rowAreas, columnAreas, iou } = maskOverlap(truth, predicted);
  const counted = rows.flatMap((_, r) => (rowAreas[r] >= least ? [r] : []));
  const small = new Set(rows.filter((_, r) => rowAreas[r] < least));
  const aside = new Map<number, number>(); // pixels of each prediction that lie on what does not count
  predicted.forEach((id, i) => {
    if (id > 0 && (unknown?.[i] === 1 || small.has(truth[i]))) aside.set(id, (aside.get(id) ?? 0) + 1);
  });
  const kept = columns.flatMap((id, c) => {
    const right = counted.some((r) => iou[r * columns.length + c] >= SAME_THING);
    return right || (columnAreas[c] >= least && 2 * (aside.get(id) ?? 0) <= columnAreas[c]) ? [c] : [];
  });
  return {
    truth: counted.map((r) => rows[r]), predicted: kept.map((c) => columns[c]),
    likeness: counted.flatMap((r) => kept.map((c) => iou[r * columns.length + c])),
  };
}

/** Less overlap than this links nothing: the threshold of SORT (Bewley et al. 2016). */
const LEAST_LINK = 0.3;

/** Baseline: ids that go on from frame to frame by overlap alone, without motion, class or memory. A new one for each sequence. */
export class OverlapLinks {
  #before: readonly number[] = [];
  #last = 0;

  /**
   * The ids of the next frame's `count` predictions; an overlap below 0.3 begins a new id.
   *
   * @param overlap 0..1, of prediction b of the frame before and n of this one at [b * count + n]; not read for the first frame
   */
  next(count: number, overlap: ArrayLike<number>): readonly number[] {
    const cost = Float64Array.from({ length: this.#before.length * count }, (_, i) => (overlap[i] >= LEAST_LINK ? 1 - overlap[i] : 1));
    const from = new Map<number, number>();
    assign(cost, this.#before.length, count).forEach((n, b) => {
      if (n >= 0) from.set(n, this.#before[b]);
    });
    this.#before = Array.from({ length: count }, (_, n) => from.get(n) ?? (this.#last += 1));
    return this.#before;
  }
}
