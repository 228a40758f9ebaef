import type { GBuffer } from '../render/types.js';

/** Neighbours whose depths differ by more than this share may be of two surfaces, with none between them. */
const STEP = 0.1;

/** Depth, metres, and flow, pixels, of a rendered frame where rays meet it. */
export interface RayTruth {
  readonly depth: Float32Array;
  readonly flow: Float32Array;
}

/**
 * Depth and flow between pixel centres: bilinear, 1 / z and not z since that is linear over a plane, among those of the four pixels round
 * each ray that show the surface which the nearest one shows. Fresh arrays.
 *
 * @param at where the rays meet the frame, x, y each, at least one pixel from its right and lower edge
 * @param nearest the pixel nearest to each
 */
export function truthAlongRays(frame: GBuffer, at: Float32Array, nearest: Int32Array): RayTruth {
  const { width, depth, flow } = frame;
  const out = { depth: new Float32Array(nearest.length), flow: new Float32Array(nearest.length * 2) };
  for (let o = 0; o < nearest.length; o++) {
    const x = Math.floor(at[o * 2]), y = Math.floor(at[o * 2 + 1]);
    const right = at[o * 2] - x, down = at[o * 2 + 1] - y;
    let sum = 0, inverse = 0, u = 0, v = 0;
    for (let k = 0; k < 4; k++) {
      const pixel = (y + (k >> 1)) * width + x + (k & 1);
      const weight = (k & 1 ? right : 1 - right) * (k >> 1 ? down : 1 - down);
      if (weight === 0 || (pixel !== nearest[o] && !sameSurface(frame, pixel, nearest[o]))) continue;
      sum += weight;
      inverse += weight / depth[pixel];
      u += weight * flow[pixel * 2];
      v += weight * flow[pixel * 2 + 1];
    }
    out.depth[o] = sum / inverse;
    out.flow[o * 2] = u / sum;
    out.flow[o * 2 + 1] = v / sum;
  }
  return out;
}

/** Whether two pixels show one thing at about one depth; the sky has none anywhere. */
function sameSurface({ labels, instances, depth }: GBuffer, a: number, b: number): boolean {
  if (labels[a] !== labels[b] || instances[a] !== instances[b]) return false;
  return Number.isNaN(depth[a]) ? Number.isNaN(depth[b]) : Math.abs(depth[a] / depth[b] - 1) < STEP;
}
