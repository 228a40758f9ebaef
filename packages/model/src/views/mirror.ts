import { exchangedParts } from '../metrics/densepose-breakdown.js';

/** DensePose's parts after left and right changed places. */
export const MIRRORED_PARTS: readonly number[] = exchangedParts({ left: 'right', right: 'left' });

/** A picture (or plane) of `channels` interleaved values per pixel, left for right. Returns a new array. */
export function mirrorPicture<A extends Uint8Array | Float32Array>(data: A, width: number, channels: number): A {
  const out = new (data.constructor as new (length: number) => A)(data.length);
  const stride = width * channels;
  for (let row = 0; row < data.length; row += stride) {
    for (let x = 0; x < stride; x += channels) {
      for (let c = 0; c < channels; c++) out[row + stride - channels - x + c] = data[row + x + c];
    }
  }
  return out;
}
