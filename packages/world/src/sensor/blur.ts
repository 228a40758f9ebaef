import { exp } from '../math/deterministic.js';

/** Gaussian blur of linear rgb in place, deviation `sigma` pixels; edges repeat. `scratch` has the picture's length. */
export function gaussianBlur(rgb: Float32Array, scratch: Float32Array, width: number, height: number, sigma: number): void {
  const radius = Math.max(1, Math.ceil(sigma * 2.5));
  const kernel = Float64Array.from({ length: radius * 2 + 1 }, (_, i) => exp((-(i - radius) * (i - radius)) / (2 * sigma * sigma)));
  const sum = kernel.reduce((a, b) => a + b, 0);
  pass(rgb, scratch, kernel, sum, width, height, true);
  pass(scratch, rgb, kernel, sum, width, height, false);
}

function pass(from: Float32Array, to: Float32Array, kernel: Float64Array, sum: number, width: number, height: number, across: boolean): void {
  const radius = kernel.length >> 1;
  const end = across ? width - 1 : height - 1;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let r = 0, g = 0, b = 0;
      for (let k = -radius; k <= radius; k++) {
        const q = Math.min(end, Math.max(0, (across ? x : y) + k));
        const at = (across ? y * width + q : q * width + x) * 3;
        const w = kernel[k + radius];
        r += w * from[at];
        g += w * from[at + 1];
        b += w * from[at + 2];
      }
      to[o] = r / sum;
      to[o + 1] = g / sum;
      to[o + 2] = b / sum;
    }
  }
}

/**
 * Averages linear rgb along `shutter` times each pixel's flow, as much before the frame's time as after it: edges are smeared about where
 * the labels have them. Pixels without flow stay.
 */
export function motionBlur(rgb: Float32Array, flow: Float32Array, width: number, height: number, shutter: number, out: Float32Array): void {
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const u = flow[o * 2] * shutter, v = flow[o * 2 + 1] * shutter;
      const length = Math.sqrt(u * u + v * v);
      // NaN, no flow, compares false.
      const taps = length > 0.5 ? Math.min(12, Math.ceil(length) + 1) : 1;
      let r = 0, g = 0, b = 0;
      for (let k = 0; k < taps; k++) {
        const t = taps === 1 ? 0 : k / (taps - 1) - 0.5;
        const px = taps === 1 ? x : Math.min(width - 1, Math.max(0, Math.floor(x - u * t + 0.5)));
        const py = taps === 1 ? y : Math.min(height - 1, Math.max(0, Math.floor(y - v * t + 0.5)));
        const at = (py * width + px) * 3;
        r += rgb[at];
        g += rgb[at + 1];
        b += rgb[at + 2];
      }
      out[o * 3] = r / taps;
      out[o * 3 + 1] = g / taps;
      out[o * 3 + 2] = b / taps;
    }
  }
}
