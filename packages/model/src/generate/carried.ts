import type { Size } from '../runtime/grid.js';
import { decodeFlowStream } from '../codecs/streams.js';

/** Pixels: what comes from one place with motions this far apart is one thing before another. */
const OTHER_MOTION = 1;

/**
 * The picture before, moved along the flow that the condition gives: each pixel takes its colour from where it was (backward warping), bilinearly.
 * Writes four planes to `out`: RGB in [-1, 1] and 1 where there is one. Nothing is known (0 in all four) where flow is not, and where two pixels that
 * move otherwise come from one place, since one of them was hidden then. What comes from outside the picture takes the colour of its edge there: left
 * open, such a strip was painted in a colour of its own at every frame.
 *
 * rgb: rgb8 of the frame before, [H,W,3]; flow: its stream [3,H,W] (codecs/streams.ts), the motion that arrives at each pixel of the new frame.
 */
export function carried(rgb: Uint8Array, flow: Float32Array, { width, height }: Size, out: Float32Array): Float32Array {
  const n = width * height;
  const { pixels: uv } = decodeFlowStream({ width, height, data: flow });
  const hidden = collisions(uv, width, height);
  for (let i = 0; i < n; i++) {
    const x = Math.max(0, Math.min(width - 1, (i % width) - uv[2 * i]));
    const y = Math.max(0, Math.min(height - 1, Math.floor(i / width) - uv[2 * i + 1]));
    const known = !hidden[i] && !Number.isNaN(x) && !Number.isNaN(y);
    out[3 * n + i] = known ? 1 : 0;
    if (!known) {
      for (let c = 0; c < 3; c++) out[c * n + i] = 0;
      continue;
    }
    const left = Math.min(Math.floor(x), width - 2);
    const top = Math.min(Math.floor(y), height - 2);
    const [fx, fy] = [x - left, y - top];
    const at = 3 * (top * width + left);
    const below = at + 3 * width;
    for (let c = 0; c < 3; c++) {
      const value = (1 - fy) * ((1 - fx) * rgb[at + c] + fx * rgb[at + 3 + c]) + fy * ((1 - fx) * rgb[below + c] + fx * rgb[below + 3 + c]);
      out[c * n + i] = value / 127.5 - 1;
    }
  }
  return out;
}

/** Pixels whose place of origin others share that move otherwise. */
function collisions(uv: Float32Array, width: number, height: number): Uint8Array {
  const n = width * height;
  const places = Int32Array.from({ length: n }, (_, i) => {
    const x = Math.round((i % width) - uv[2 * i]);
    const y = Math.round(Math.floor(i / width) - uv[2 * i + 1]);
    return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : -1;
  });
  // The least and the greatest motion that comes from each place.
  const [least, most] = [new Float32Array(2 * n).fill(Infinity), new Float32Array(2 * n).fill(-Infinity)];
  places.forEach((at, i) => {
    if (at < 0) return;
    for (let c = 0; c < 2; c++) {
      least[2 * at + c] = Math.min(least[2 * at + c], uv[2 * i + c]);
      most[2 * at + c] = Math.max(most[2 * at + c], uv[2 * i + c]);
    }
  });
  return Uint8Array.from(places, (at) => (at >= 0 && Math.hypot(most[2 * at] - least[2 * at], most[2 * at + 1] - least[2 * at + 1]) > OTHER_MOTION ? 1 : 0));
}
