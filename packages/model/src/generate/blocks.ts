import { fillNoise } from './noise.js';

/**
 * Means over blocks of `block` x `block` pixels, at the old size: planes [C,H,W] flattened, H and W multiples of `block`. A fresh array.
 * What a model with `sampler.block` integrates; the detail within blocks is painted by the last look.
 */
export function blockMeans(planes: Float32Array, width: number, height: number, block: number): Float32Array {
  if (block === 1) return planes.slice();
  const out = new Float32Array(planes.length);
  const n = width * height;
  const share = 1 / (block * block);
  for (let plane = 0; plane < planes.length; plane += n) {
    for (let y = 0; y < height; y += block) {
      for (let x = 0; x < width; x += block) {
        let sum = 0;
        for (let j = 0; j < block; j++) for (let i = 0; i < block; i++) sum += planes[plane + (y + j) * width + x + i];
        for (let j = 0; j < block; j++) out.fill(sum * share, plane + (y + j) * width + x, plane + (y + j) * width + x + block);
      }
    }
  }
  return out;
}

/** Standard normal noise, one value for each block of each plane of `out` [C,H,W]; named by `words` as in `fillNoise`. */
export function fillBlockNoise(out: Float32Array, width: number, height: number, block: number, ...words: readonly number[]): Float32Array {
  if (block === 1) return fillNoise(out, ...words);
  const [w, h] = [width / block, height / block];
  const small = fillNoise(new Float32Array((out.length / (width * height)) * w * h), ...words);
  for (let row = 0, y = 0; row < out.length; row += width, y++) {
    const from = Math.floor(Math.floor(y / height) * h + (y % height) / block) * w;
    for (let x = 0; x < width; x++) out[row + x] = small[from + Math.floor(x / block)];
  }
  return out;
}
