import { TONE_STEPS, TONE_TABLE, TONE_WHITE } from './color.js';
import type { View } from './view.js';

/** Averages linear samples to pixels, applies exposure and the tone curve, and writes sRGB bytes. */
export function resolve(samples: Float32Array, view: View, exposure: number, width: number, height: number, rgb: Uint8Array): void {
  const scale = exposure / TONE_WHITE;
  const { supersampling } = view;
  const row = view.width * 3;
  for (let y = 0, o = 0; y < height; y++) {
    let i = supersampling === 2 ? (2 * y + 1) * row + 3 : y * row;
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++, o++, i++) {
        // Samples are half a pixel apart: 1 2 1 in both directions gives each the same total weight.
        const value = supersampling === 1 ? samples[i]
          : 0.25 * samples[i] + 0.125 * (samples[i - 3] + samples[i + 3] + samples[i - row] + samples[i + row])
            + 0.0625 * (samples[i - row - 3] + samples[i - row + 3] + samples[i + row - 3] + samples[i + row + 3]);
        rgb[o] = TONE_TABLE[Math.floor(Math.sqrt(Math.min(1, value * scale)) * TONE_STEPS + 0.5)]!;
      }
      if (supersampling === 2) i += 3;
    }
  }
}
