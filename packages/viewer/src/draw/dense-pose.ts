import type { DensePoseResult } from '@sextant/client';
import { colorizeDensepose } from '@sextant/client';
import type { Raster } from './raster.js';
import { opaque } from './raster.js';

/** Draws body parts, brighter with u and v; what is no body is transparent. */
export function drawDensePose(raster: Raster, map: DensePoseResult): HTMLCanvasElement {
  const { width, height, part } = map;
  const { rgb } = colorizeDensepose(map);
  const out = raster.begin(width, height);
  for (let i = 0, o = 0; o < out.length; i += 3, o++) out[o] = part[o] === 0 ? 0 : opaque(rgb[i], rgb[i + 1], rgb[i + 2]);
  return raster.show();
}
