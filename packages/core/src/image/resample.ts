import { checkSize } from './rgb-image.js';
import type { RgbImage } from './rgb-image.js';

/** Which source samples make one target sample, along one axis: `weights` from `starts[i]` on, `counts[i]` of them. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `reach` weights per target sample, each row summing to 1. */
  readonly weights: Float32Array;
  readonly reach: number;
}

/** Box (area) weights where the axis shrinks, linear ones where it grows; both with pixel centres at i + 0.5. */
function taps(from: number, to: number): Taps {
  const scale = from / to;
  const reach = scale > 1 ? Math.ceil(scale) + 1 : 2;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Float32Array(to * reach);
  for (let i = 0; i < to; i += 1) {
    if (scale > 1) {
      const begin = i * scale;
      const end = Math.min(from, (i + 1) * scale);
      const first = Math.floor(begin);
      const last = Math.min(from, Math.ceil(end - 1e-9));
      starts[i] = first;
      counts[i] = last - first;
      for (let s = first; s < last; s += 1) {
        weights[i * reach + s - first] = (Math.min(end, s + 1) - Math.max(begin, s)) / (end - begin);
      }
    } else {
      const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * scale - 0.5));
      const first = Math.min(Math.floor(centre), Math.max(0, from - 2));
      starts[i] = first;
      counts[i] = Math.min(2, from);
      weights[i * reach] = from === 1 ? 1 : 1 - (centre - first);
      weights[i * reach + 1] = from === 1 ? 0 : centre - first;
    }
  }
  return { starts, counts, weights, reach };
}

const { fround } = Math;

/**
 * Adds `rows` weighted lines of `rgb`, the first from `base` on, to `line`. Three at a time where it can be, since it is the reading and writing of `line` that costs;
 * with the rounding to float32 after each, as if they came one by one.
 */
function addLines(line: Float32Array, rgb: Uint8Array, base: number, weights: Float32Array, first: number, rows: number): void {
  const stride = line.length;
  let r = 0;
  for (; rows - r >= 3; r += 3) {
    const w0 = weights[first + r];
    const w1 = weights[first + r + 1];
    const w2 = weights[first + r + 2];
    const at0 = base + r * stride;
    const at1 = at0 + stride;
    const at2 = at1 + stride;
    for (let i = 0; i < stride; i += 1) line[i] = fround(fround(line[i] + w0 * rgb[at0 + i]) + w1 * rgb[at1 + i]) + w2 * rgb[at2 + i];
  }
  for (; r < rows; r += 1) {
    const [weight, at] = [weights[first + r], base + r * stride];
    for (let i = 0; i < stride; i += 1) line[i] += weight * rgb[at + i];
  }
}

/** Resizes rgb8 pictures of one size to another; keeps its tables and one line of scratch between calls. */
export type RgbResampler = (rgb: Uint8Array, out?: Uint8Array) => Uint8Array;

/**
 * A function that resizes rgb8 of one fixed size to another: area average where an axis shrinks, linear interpolation
 * where it grows. It returns `out` when given one (of `toWidth * toHeight * 3` bytes), else a new buffer; never a view
 * of its input, and it keeps no reference to either. Not to be shared between threads.
 *
 * @throws SextantError `bad-argument` for sizes or buffers that do not fit.
 */
export function createRgbResampler(fromWidth: number, fromHeight: number, toWidth: number, toHeight: number): RgbResampler {
  checkSize('a resampler from a picture', fromWidth * fromHeight * 3, fromWidth, fromHeight, 3);
  checkSize('a resampler to a picture', toWidth * toHeight * 3, toWidth, toHeight, 3);
  const size = toWidth * toHeight * 3;
  const check = (rgb: Uint8Array, out: Uint8Array): void => {
    checkSize('a picture to resample', rgb.length, fromWidth, fromHeight, 3);
    checkSize('a resampled picture', out.length, toWidth, toHeight, 3);
  };
  if (fromWidth === toWidth && fromHeight === toHeight) {
    return (rgb, out = new Uint8Array(size)) => {
      check(rgb, out);
      out.set(rgb);
      return out;
    };
  }
  const { starts, counts, weights, reach } = taps(fromWidth, toWidth); // across
  const down = taps(fromHeight, toHeight);
  const stride = fromWidth * 3;
  const line = new Float32Array(stride);
  return (rgb, out = new Uint8Array(size)) => {
    check(rgb, out);
    let o = 0;
    for (let y = 0; y < toHeight; y += 1) {
      // Down first: whole source lines weighted into one, then across within it.
      line.fill(0);
      addLines(line, rgb, down.starts[y] * stride, down.weights, y * down.reach, down.counts[y]);
      for (let x = 0; x < toWidth; x += 1) {
        const columns = counts[x];
        const row = x * reach;
        let s = starts[x] * 3;
        let red = 0.5; // rounds to nearest on conversion to a byte
        let green = 0.5;
        let blue = 0.5;
        for (let c = 0; c < columns; c += 1, s += 3) {
          const weight = weights[row + c];
          red += weight * line[s];
          green += weight * line[s + 1];
          blue += weight * line[s + 2];
        }
        out[o] = red;
        out[o + 1] = green;
        out[o + 2] = blue;
        o += 3;
      }
    }
    return out;
  };
}

/**
 * One rgb8 picture at another size (see `createRgbResampler`, which is faster for a stream). The result is a copy,
 * even where the size stays.
 */
export function resampleRgb(image: RgbImage, width: number, height: number): RgbImage {
  return { width, height, rgb: createRgbResampler(image.width, image.height, width, height)(image.rgb) };
}
