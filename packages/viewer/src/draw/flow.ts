import type { FlowResult } from '@sextant/client';
import { colorizeFlow } from '@sextant/client';
import type { Raster } from './raster.js';
import { opaque } from './raster.js';

/** The motion drawn in full colour: rises at once, falls slowly. */
export class FlowScale {
  #most = 1;

  get value(): number {
    return this.#most;
  }

  follow({ pixels }: FlowResult): number {
    let largest = 1;
    for (let i = 0; i < pixels.length; i += 2) {
      const length = Math.hypot(pixels[i], pixels[i + 1]);
      if (length > largest && length < Infinity) largest = length;
    }
    this.#most += (largest > this.#most ? 0.5 : 0.05) * (largest - this.#most);
    return this.#most;
  }
}

/** Draws motion in Middlebury's colours; over a picture still places are transparent, alone they are white. */
export function drawFlow(raster: Raster, map: FlowResult, most: number, over: boolean): HTMLCanvasElement {
  const { width, height, pixels } = map;
  const { rgb } = colorizeFlow(map, { maxPixels: most });
  const out = raster.begin(width, height);
  for (let i = 0, o = 0; o < out.length; i += 3, o++) {
    const length = Math.hypot(pixels[2 * o], pixels[2 * o + 1]);
    if (!(length < Infinity)) out[o] = 0;
    else {
      const alpha = over ? Math.min(255, Math.round((320 * length) / most)) : 255;
      out[o] = ((opaque(rgb[i], rgb[i + 1], rgb[i + 2]) & 0xffffff) | (alpha << 24)) >>> 0;
    }
  }
  return raster.show();
}

/** A wheel that says which hue is which direction. */
export function flowWheel(raster: Raster, size = 64): HTMLCanvasElement {
  const pixels = new Float32Array(size * size * 2);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i += 2) {
      pixels[i] = (2 * x) / (size - 1) - 1;
      pixels[i + 1] = (2 * y) / (size - 1) - 1;
    }
  }
  const { rgb } = colorizeFlow({ width: size, height: size, pixels }, { maxPixels: 1 });
  const out = raster.begin(size, size);
  for (let i = 0, o = 0; o < out.length; i += 3, o++) out[o] = opaque(rgb[i], rgb[i + 1], rgb[i + 2]);
  return raster.show();
}
