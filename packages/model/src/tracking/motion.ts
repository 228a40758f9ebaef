import type { FlowField } from '@sextant/core';
import type { Scene } from './observe.js';

/** Flow counts where the surface was more likely seen in the previous frame than not. */
const VISIBLE = 0.5;

/** What the flow field says of the observations of a scene, with regard to the scene before. */
export interface FlowEvidence {
  /** Pixels of observation k whose surface was observation q of the previous scene: [k * previous + q]. */
  readonly shared: Uint32Array;
  /** Mean motion (u, v) per observation in pixels of the scene; NaN where no pixel has one. */
  readonly motion: Float32Array;
}

/** Follows every observed pixel back to the scene before, which has the same size; motion comes on the newest grid. */
export function followBack(scene: Scene, before: Scene, flow: FlowField): FlowEvidence {
  const { width, height, ids, observations } = scene;
  const previous = before.observations.length;
  const shared = new Uint32Array(observations.length * previous);
  const motion = new Float32Array(2 * observations.length);
  const counts = new Uint32Array(observations.length);
  const [sx, sy] = [width / flow.width, height / flow.height];
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * flow.height) / height) * flow.width;
    for (let x = 0; x < width; x++, i++) {
      if (ids[i] === 0) continue;
      const k = ids[i] - 1;
      const f = row + Math.floor(((x + 0.5) * flow.width) / width);
      if (flow.confidence && flow.confidence[f] < VISIBLE) continue;
      const [u, v] = [flow.pixels[2 * f] * sx, flow.pixels[2 * f + 1] * sy];
      if (!(Math.abs(u) + Math.abs(v) < Infinity)) continue;
      motion[2 * k] += u;
      motion[2 * k + 1] += v;
      counts[k]++;
      const [px, py] = [Math.round(x - u), Math.round(y - v)];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const q = before.ids[py * width + px];
      if (q > 0) shared[k * previous + q - 1]++;
    }
  }
  for (let k = 0; k < counts.length; k++) {
    motion[2 * k] /= counts[k];
    motion[2 * k + 1] /= counts[k];
  }
  return { shared, motion };
}

/** How many pixels each observation shares with a mask (pixel indices) moved by whole pixels. */
export function overlapMoved({ width, height, ids, observations }: Scene, mask: Int32Array, dx: number, dy: number): Uint32Array {
  const shared = new Uint32Array(observations.length);
  const [ox, oy] = [Math.round(dx), Math.round(dy)];
  for (let m = 0; m < mask.length; m++) {
    const y = Math.floor(mask[m] / width);
    const x = mask[m] - y * width + ox;
    if (x < 0 || x >= width || y + oy < 0 || y + oy >= height) continue;
    const id = ids[(y + oy) * width + x];
    if (id > 0) shared[id - 1]++;
  }
  return shared;
}

/** The pixel indices of every observation of a scene. */
export function masksOf({ ids, observations }: Scene): Int32Array[] {
  const masks = observations.map(({ area }) => new Int32Array(area));
  const filled = new Uint32Array(observations.length);
  for (let i = 0; i < ids.length; i++) if (ids[i] > 0) masks[ids[i] - 1][filled[ids[i] - 1]++] = i;
  return masks;
}
