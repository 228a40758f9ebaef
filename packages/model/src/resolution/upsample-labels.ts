import { TAPS, weigh, type Guide } from './guide.js';

/**
 * Which low-resolution pixel each pixel of the picture takes its label from: soft voting of its 4x4 neighbours, weighted by
 * distance, likeness of colour and `confidence`; the winner is the heaviest pixel of the heaviest label. Labels are only
 * ever copied, never made. Returns a new array of pixel indices.
 *
 * @param code one number per low-resolution pixel; pixels of one code belong together
 */
export function voteLabels(code: Int32Array, guide: Guide, confidence?: Float32Array): Int32Array {
  const { width, height, low, x: ax, y: ay } = guide;
  const mixed = mixedCells(code, low.width, low.height);
  const out = new Int32Array(width * height);
  const weights = new Float32Array(TAPS * TAPS);
  const pixels = new Int32Array(TAPS * TAPS);
  for (let y = 0, o = 0; y < height; y++) {
    const cells = (ay.cell[y] + 1) * (low.width + 1) + 1;
    const near = ay.taps[y * TAPS + (ay.fraction[y] < 0.5 ? 1 : 2)] * low.width;
    for (let x = 0; x < width; x++, o++) {
      const nearest = near + ax.taps[x * TAPS + (ax.fraction[x] < 0.5 ? 1 : 2)];
      if (!mixed[cells + ax.cell[x]]) {
        out[o] = nearest;
        continue;
      }
      weigh(guide, x, y, weights, pixels);
      if (confidence) for (let t = 0; t < weights.length; t++) weights[t] *= confidence[pixels[t]];
      out[o] = winner(code, weights, pixels, nearest);
    }
  }
  return out;
}

function winner(code: Int32Array, weights: Float32Array, pixels: Int32Array, nearest: number): number {
  let [best, most] = [nearest, 0];
  for (let t = 0; t < weights.length; t++) {
    // Each code is counted once, at its first pixel.
    let first = 0;
    while (code[pixels[first]] !== code[pixels[t]]) first++;
    if (first < t) continue;
    let [sum, heaviest] = [0, t];
    for (let s = t; s < weights.length; s++) {
      if (code[pixels[s]] !== code[pixels[t]]) continue;
      sum += weights[s];
      if (weights[s] > weights[heaviest]) heaviest = s;
    }
    if (sum > most) [best, most] = [pixels[heaviest], sum];
  }
  return best;
}

/** Cells whose 4x4 window holds more than one code. */
function mixedCells(code: Int32Array, w: number, h: number): Uint8Array {
  const mixed = new Uint8Array((w + 1) * (h + 1));
  for (let y = -1, cell = 0; y < h; y++) {
    for (let x = -1; x < w; x++, cell++) {
      const one = code[Math.max(0, y) * w + Math.max(0, x)];
      for (let v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 2) && !mixed[cell]; v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 2); u++) if (code[v * w + u] !== one) mixed[cell] = 1;
      }
    }
  }
  return mixed;
}
