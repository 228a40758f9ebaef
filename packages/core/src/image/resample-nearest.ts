import { checkSize } from './rgb-image.js';

/** Arrays that `resampleNearest` copies samples of. */
export type SampleArray = Uint8Array | Uint16Array | Int32Array | Float32Array;

/**
 * A map at another size by its nearest samples: for labels, ids, and values with holes, which must not be averaged.
 * Returns a new array of the same kind. Pixel-valued samples (flow) keep their values: scale them yourself.
 *
 * @param channels interleaved samples per pixel; default 1
 * @throws SextantError `bad-argument` for sizes that do not fit.
 */
export function resampleNearest<A extends SampleArray>(
  samples: A, width: number, height: number, toWidth: number, toHeight: number, channels = 1,
): A {
  checkSize('a map to resample', samples.length, width, height, channels);
  checkSize('a resampled map', toWidth * toHeight * channels, toWidth, toHeight, channels);
  const out = new (samples.constructor as new (length: number) => A)(toWidth * toHeight * channels);
  const columns = Int32Array.from({ length: toWidth }, (_, x) => Math.floor(((x + 0.5) * width) / toWidth) * channels);
  let o = 0;
  for (let y = 0; y < toHeight; y += 1) {
    const base = Math.floor(((y + 0.5) * height) / toHeight) * width * channels;
    for (let x = 0; x < toWidth; x += 1) {
      const s = base + columns[x];
      for (let c = 0; c < channels; c += 1) out[o++] = samples[s + c]!;
    }
  }
  return out;
}
