import { COLUMNS, ROWS, type Thumbnail } from './thumbnail.js';

/** How far a pan is followed between two frames, in cells: 30 % of the width, 25 % of the height. */
const PAN = { x: 10, y: 6 };
/** Two pictures that correlate like this are one scene, whatever their colours. */
const SAME_STRUCTURE = 0.65;
/** Weight of equal colours beside equal structure, and the least sum of one scene. */
const COLOUR_WEIGHT = 1.5;
const SAME_SCENE = 1.7;
/** Least correlation of one scene where there are no colours. */
const SAME_GREY_SCENE = 0.4;
/** Mean chromaticity below this says nothing: a monochrome camera, or night. */
const GREY = 0.004;
/** Contrast below this says nothing: a lens cap, a white-out. */
const FEATURELESS = 0.08;

/**
 * Tells a cut to another scene from all that a camera does. Structure: normalised correlation of log luma over thumbnails
 * at the best shift (a pan is a shift, exposure cancels). Colours: intersection of chromaticity histograms (exposure cancels).
 * A scene goes on while one of them or both together say so. A picture without features is never a cut; the one after it is compared with
 * the last that had some, so that a lens cap is no cut and a fade through black is one.
 *
 * Chosen on 70 clips of `shared/data/clips` and on pairs of frames of different ones; see docs/runtime.md for its errors.
 */
export class CutDetector {
  #before: Thumbnail | undefined;

  /** Looks at the next frame of a stream; the first is no cut. The same pictures always give the same answer. */
  isCut(now: Thumbnail): boolean {
    if (now.contrast < FEATURELESS) return false;
    const before = this.#before;
    this.#before = now;
    return before !== undefined && !sameScene(before, now);
  }
}

function sameScene(a: Thumbnail, b: Thumbnail): boolean {
  if (correlation(a.luma, b.luma, 0, 0) >= SAME_STRUCTURE) return true; // nearly always
  let structure = -1;
  for (let dy = -PAN.y; dy <= PAN.y; dy++) {
    for (let dx = -PAN.x; dx <= PAN.x; dx++) structure = Math.max(structure, correlation(a.luma, b.luma, dx, dy));
  }
  if (structure >= SAME_STRUCTURE) return true;
  if (a.colour < GREY && b.colour < GREY) return structure >= SAME_GREY_SCENE;
  const colours = a.chroma.reduce((sum, share, i) => sum + Math.min(share, b.chroma[i]), 0);
  return structure + COLOUR_WEIGHT * colours >= SAME_SCENE;
}

/** Pearson's correlation of `a` moved by (dx, dy) with `b` where they overlap; 0 where one of them is flat. */
function correlation(a: Float32Array, b: Float32Array, dx: number, dy: number): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  const [x0, x1] = [Math.max(0, dx), Math.min(COLUMNS, COLUMNS + dx)];
  const [y0, y1] = [Math.max(0, dy), Math.min(ROWS, ROWS + dy)];
  const n = (x1 - x0) * (y1 - y0);
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const p = a[(y - dy) * COLUMNS + x - dx];
      const q = b[y * COLUMNS + x];
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  const [va, vb] = [saa - (sa * sa) / n, sbb - (sb * sb) / n];
  return va < 1e-6 * n || vb < 1e-6 * n ? 0 : (sab - (sa * sb) / n) / Math.sqrt(va * vb);
}
