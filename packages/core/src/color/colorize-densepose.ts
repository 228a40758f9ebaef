import type { RgbImage } from '../image/rgb-image.js';
import type { DensePoseMap } from '../types/perception.js';
import { labelColor } from './palette.js';

/** Brightness of the darkest corner of a part's chart (u = v = 0). */
const DARKEST = 0.45;

/**
 * A DensePose map: each of the 24 parts in a colour of its own, brighter with u and v so that the surface coordinates
 * can be seen; no part is black. The picture is a new buffer at the map's size.
 */
export function colorizeDensepose(map: DensePoseMap): RgbImage {
  const { width, height, part, u, v } = map;
  const rgb = new Uint8Array(width * height * 3);
  const colors = Array.from({ length: 256 }, (_, id) => labelColor(id));
  for (let i = 0; i < part.length; i += 1) {
    const id = part[i];
    if (id === 0) continue;
    const shade = DARKEST + ((1 - DARKEST) * (u[i] + v[i])) / 510;
    const color = colors[id];
    for (let c = 0; c < 3; c += 1) rgb[i * 3 + c] = Math.round((color[c] * 0.75 + 64) * shade);
  }
  return { width, height, rgb };
}
