import type { ReferredResult } from '@sextant/client';
import type { Raster } from './raster.js';
import { opaque } from './raster.js';

/** Draws what the prompt names in the colour that its class table gives, the rest left out (transparent). */
export function drawReferred(raster: Raster, { labels, width, height, classes }: ReferredResult): HTMLCanvasElement {
  const out = raster.begin(width, height);
  const color = opaque(...(classes.find(({ id }) => id === 1)?.color ?? [255, 64, 200]));
  for (let i = 0; i < out.length; i++) out[i] = labels[i] === 1 ? color : 0;
  return raster.show();
}
