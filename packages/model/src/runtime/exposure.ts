import { resizePlane } from '../views/resize-plane.js';
import type { Size } from './grid.js';
import type { Thumbnail } from './thumbnail.js';

/** Brighter than this in some channel, a pixel is more than the noise of a dark sensor; less than `WHITE` in some, it is not burnt out. */
const BLACK = 16;
const WHITE = 250;
/** With at least this share of usable pixels around it a place is an ordinary one: night, a backlit window. */
const ORDINARY = 0.25;
/** Pixels a side of a cell, as a power of two: a shift is cheaper than a division at every pixel. */
const CELL_BITS = 3;
const CELL = 1 << CELL_BITS;
/**
 * `Thumbnail.range` up to which a picture shows nothing, whatever its level, and from which on it is an ordinary one. A lens cap whose noise is amplified,
 * milky glare and a screen without signal have 0 to .16; a road from above, the emptiest but one of `shared/data/clips`, has .5. In that one an aeroplane goes off into
 * a sky without clouds, .5 to .16: it is taken for nothing in the end.
 */
const [EMPTY, FEATURES] = [0.2, 0.4];
/** Around a place means this share of the picture's shorter side in every direction. */
const REACH = 1 / 6;

/** How far the places of a picture can be believed, 0..1: one value for each cell of a grid over it. */
export interface TrustMap extends Size {
  readonly values: Float32Array;
}

/**
 * How far a picture (rgb8) can be believed where: 1 where at least a quarter of the pixels around are neither black nor burnt out,
 * falling to 0 where none is, behind a lens cap or a thumb over half the lens, in full glare; and 0 everywhere in a picture that is equally bright all over,
 * since sensors amplify their noise in the dark and not every white is 255. Where there is nothing to see a network
 * answers with what it has learnt to expect, and says so confidently: confidences are multiplied by this. `undefined` where all of the
 * picture can be believed: ordinary pictures keep their confidences, and so their calibration.
 * @param thumbnail of the same picture
 */
export function exposureTrust(rgb: Uint8Array, { width, height }: Size, thumbnail: Pick<Thumbnail, 'range'>): TrustMap | undefined {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const sums = summed(usablePixels(rgb, width, height, columns), columns, rows);
  const at = (row: number, column: number): number => sums[row * (columns + 1) + column];
  const reach = Math.max(1, Math.round(REACH * Math.min(columns, rows)));
  const features = Math.max(0, Math.min(1, (thumbnail.range - EMPTY) / (FEATURES - EMPTY)));
  const values = new Float32Array(columns * rows);
  let ordinary = true;
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(rows, y + reach + 1)];
    for (let x = 0; x < columns; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(columns, x + reach + 1)];
      const pixels = (Math.min(width, right * CELL) - left * CELL) * (Math.min(height, bottom * CELL) - top * CELL);
      const trust = Math.min(features, (at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)) / (ORDINARY * pixels));
      values[y * columns + x] = trust;
      ordinary &&= trust === 1;
    }
  }
  return ordinary ? undefined : { width: columns, height: rows, values };
}

/** Multiplies the confidence of a map by the least of `trusts` at each place. */
export function mistrust(map: (Size & { readonly confidence?: Float32Array }) | undefined, ...trusts: readonly (TrustMap | undefined)[]): void {
  const { confidence } = map ?? {};
  if (!map || !confidence) return;
  const planes = trusts.filter((trust) => trust !== undefined).map((trust) => resizePlane(trust.values, trust.width, trust.height, map.width, map.height));
  if (planes.length === 0) return;
  for (let i = 0; i < confidence.length; i++) confidence[i] *= planes.reduce((least, plane) => Math.min(least, plane[i]), 1);
}

/** In each cell, how many of its pixels are neither black nor burnt out. */
function usablePixels(rgb: Uint8Array, width: number, height: number, columns: number): Uint16Array {
  const cells = new Uint16Array(columns * Math.ceil(height / CELL));
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y >> CELL_BITS) * columns;
    for (let x = 0; x < width; x++, i += 3) {
      const r = rgb[i];
      const g = rgb[i + 1];
      const b = rgb[i + 2];
      if ((r > BLACK || g > BLACK || b > BLACK) && (r < WHITE || g < WHITE || b < WHITE)) cells[row + (x >> CELL_BITS)]++;
    }
  }
  return cells;
}

/** The summed-area table, with a row and a column of zeros before the first. */
function summed(cells: Uint16Array, columns: number, rows: number): Uint32Array {
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    for (let x = 0, row = 0; x < columns; x++) {
      row += cells[y * columns + x];
      sums[(y + 1) * (columns + 1) + x + 1] = sums[y * (columns + 1) + x + 1] + row;
    }
  }
  return sums;
}
