import type { Geometry, Vec3 } from '../render/types.js';
import { MeshBuilder, type SurfaceOptions } from './builder.js';

/** A box of `size` (x, y, z metres) centred on the origin. */
export function box(size: Vec3, options: SurfaceOptions = {}): Geometry {
  return boxBetween([-size[0] / 2, -size[1] / 2, -size[2] / 2], [size[0] / 2, size[1] / 2, size[2] / 2], options);
}

/** A box from its low to its high corner. On its sides the texture's v points down. */
export function boxBetween(low: Vec3, high: Vec3, options: SurfaceOptions = {}): Geometry {
  const tile = options.tile ?? 1;
  const mesh = new MeshBuilder();
  const size = [high[0] - low[0], high[1] - low[1], high[2] - low[2]] as const;
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [0, 1]) {
      // s runs to the right and t up as seen from outside, so that s x t is the outward normal.
      const sign = side === 1 ? 1 : -1;
      const [s, t] = axis === 2 ? [0, 1] : [axis === 0 ? 1 : 0, 2];
      const sSign = axis === 1 ? -sign : sign;
      const corners: number[] = [];
      for (const [a, b] of [[0, 0], [1, 0], [1, 1], [0, 1]] as const) {
        const p: [number, number, number] = [low[0], low[1], low[2]];
        p[axis] = side === 1 ? high[axis] : low[axis];
        p[s] = (sSign > 0) === (a === 1) ? high[s] : low[s];
        p[t] = b === 1 ? high[t] : low[t];
        const n: [number, number, number] = [0, 0, 0];
        n[axis] = sign;
        const u = tile > 0 ? (a * size[s]) / tile : a;
        const v = tile > 0 ? ((1 - b) * size[t]) / tile : 1 - b;
        corners.push(mesh.vertex(...p, ...n, u, v));
      }
      mesh.quad(corners[0], corners[1], corners[2], corners[3]);
    }
  }
  return mesh.build(options.material);
}
