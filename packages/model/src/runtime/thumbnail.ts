import type { Size } from './grid.js';

/** Sides of a thumbnail, in cells; a picture of any aspect is stretched to it. */
export const COLUMNS = 32;
export const ROWS = 24;
const CELLS = COLUMNS * ROWS;
/** Bins of each chromaticity axis. */
const BINS = 8;
/** Added to luma and to colours before logarithm and ratio, so that sensor noise in the dark stays small. */
const DARK = 16;

/** A picture reduced to what a cut changes and a lamp does not. */
export interface Thumbnail {
  /** ln(luma + 16) by cell, row by row: brightness times a factor becomes plus a constant. */
  readonly luma: Float32Array;
  /** Standard deviation of `luma`; near 0 for a lens cap, fog or full saturation. */
  readonly contrast: number;
  /** Largest less smallest of `luma`: ln of how many times brighter the brightest cell is than the darkest. */
  readonly range: number;
  /** Share of the picture by chromaticity (r and g over r + g + b), which exposure does not change; 8 x 8 bins. */
  readonly chroma: Float32Array;
  /** Mean distance of the cells' chromaticities from grey; 0 for a monochrome camera. */
  readonly colour: number;
}

/** Reduces an rgb8 picture by averaging cells. */
export function thumbnailOf(rgb: Uint8Array, { width, height }: Size): Thumbnail {
  const luma = new Float32Array(CELLS);
  const chroma = new Float32Array(BINS * BINS);
  let [mean, square, colour] = [0, 0, 0];
  for (let cell = 0; cell < CELLS; cell++) {
    const [x0, x1] = range(cell % COLUMNS, COLUMNS, width);
    const [y0, y1] = range(Math.floor(cell / COLUMNS), ROWS, height);
    let [r, g, b] = [0, 0, 0];
    for (let y = y0; y < y1; y++) {
      for (let i = 3 * (y * width + x0), end = 3 * (y * width + x1); i < end; i += 3) {
        r += rgb[i];
        g += rgb[i + 1];
        b += rgb[i + 2];
      }
    }
    const n = (x1 - x0) * (y1 - y0);
    [r, g, b] = [r / n, g / n, b / n];
    const value = Math.log(0.299 * r + 0.587 * g + 0.114 * b + DARK);
    luma[cell] = value;
    mean += value / CELLS;
    square += (value * value) / CELLS;
    const total = r + g + b + 1.5 * DARK;
    const [red, green] = [(r + DARK / 2) / total - 1 / 3, (g + DARK / 2) / total - 1 / 3];
    colour += Math.hypot(red, green) / CELLS;
    spread(chroma, 16 * red + BINS / 2, 24 * green + BINS / 2);
  }
  return { luma, chroma, colour, contrast: Math.sqrt(Math.max(0, square - mean * mean)), range: Math.max(...luma) - Math.min(...luma) };
}

/** Adds one cell to the bins around it, each by its nearness: a small change of white balance moves little. */
function spread(bins: Float32Array, x: number, y: number): void {
  const [u, v] = [x, y].map((t) => Math.max(0, Math.min(BINS - 1, t)));
  const [i, j] = [u, v].map((t) => Math.min(BINS - 2, Math.floor(t)));
  const [a, b] = [u - i, v - j];
  const at = i * BINS + j;
  bins[at] += ((1 - a) * (1 - b)) / CELLS;
  bins[at + 1] += ((1 - a) * b) / CELLS;
  bins[at + BINS] += (a * (1 - b)) / CELLS;
  bins[at + BINS + 1] += (a * b) / CELLS;
}

/** Pixels of a cell, at least one. */
function range(index: number, count: number, side: number): [number, number] {
  const start = Math.floor((index * side) / count);
  return [start, Math.max(start + 1, Math.floor(((index + 1) * side) / count))];
}
