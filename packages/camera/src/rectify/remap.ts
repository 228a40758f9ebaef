import type { RgbImage } from '@sextant/core';
import type { RemapTable } from './undistort-table.js';

/** A remap with its weights worked out: rgb8 in, a fresh rgb8 buffer out. */
export type Remap = (rgb: Uint8Array) => Uint8Array;

const BITS = 7; // weights sum to 2^14, and 255 times that fits 32 bits
const ONE = 1 << BITS;

/**
 * Prepares the bilinear lookup of a table for pictures of `from`'s size: an offset and four weights per pixel. Outside
 * of the picture is black, and the outermost half pixel fades into it, as with OpenCV's constant border.
 */
export function createRemap(table: RemapTable, from: Pick<RgbImage, 'width' | 'height'>): Remap {
  const { points } = table;
  const { width, height } = from;
  const count = table.width * table.height;
  const offsets = new Int32Array(count).fill(-1);
  const weights = new Uint16Array(count * 4);
  const stride = width * 3;
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [points[i * 2], points[i * 2 + 1]];
    if (!(x > -1 && y > -1 && x < width && y < height)) continue;
    // The 2x2 patch is kept inside the picture; a corner outside of it gets no weight.
    let [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [Math.round((x - x0) * ONE), Math.round((y - y0) * ONE)];
    let across: [number, number] = [ONE - fx, fx];
    let down: [number, number] = [ONE - fy, fy];
    if (x0 < 0) [x0, across] = [0, [fx, 0]];
    else if (x0 > width - 2) [x0, across] = [Math.max(0, width - 2), width > 1 ? [0, across[0]] : [across[0], 0]];
    if (y0 < 0) [y0, down] = [0, [fy, 0]];
    else if (y0 > height - 2) [y0, down] = [Math.max(0, height - 2), height > 1 ? [0, down[0]] : [down[0], 0]];
    offsets[i] = y0 * stride + x0 * 3;
    weights[i * 4] = across[0] * down[0];
    weights[i * 4 + 1] = across[1] * down[0];
    weights[i * 4 + 2] = across[0] * down[1];
    weights[i * 4 + 3] = across[1] * down[1];
  }
  const right = width > 1 ? 3 : 0;
  const below = height > 1 ? stride : 0;
  const half = 1 << (2 * BITS - 1);
  return (rgb) => {
    const out = new Uint8Array(count * 3);
    for (let i = 0, o = 0, w = 0; i < count; i += 1, o += 3, w += 4) {
      const a = offsets[i];
      if (a < 0) continue;
      const [wa, wb, wc, wd] = [weights[w], weights[w + 1], weights[w + 2], weights[w + 3]];
      const [b, c] = [a + right, a + below];
      const d = c + right;
      out[o] = (rgb[a] * wa + rgb[b] * wb + rgb[c] * wc + rgb[d] * wd + half) >> (2 * BITS);
      out[o + 1] = (rgb[a + 1] * wa + rgb[b + 1] * wb + rgb[c + 1] * wc + rgb[d + 1] * wd + half) >> (2 * BITS);
      out[o + 2] = (rgb[a + 2] * wa + rgb[b + 2] * wb + rgb[c + 2] * wc + rgb[d + 2] * wd + half) >> (2 * BITS);
    }
    return out;
  };
}
