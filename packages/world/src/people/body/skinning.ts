import { BONE_COUNT, PARENT } from './bones.js';
import type { RestSkeleton } from './bones.js';
import type { Quaternions } from './quaternion.js';

/** A surface in the rest pose, bound to the bones by up to four weights per vertex that sum to 1. */
export interface SkinnedSurface {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Four bone indices and weights per vertex. */
  readonly bones: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Rest-to-posed transforms, 12 numbers (3 x 4, row-major) per bone: a vertex v moves to R v + t. The pelvis turns about its own
 * joint and is then shifted by `root`.
 */
export function boneTransforms(skeleton: RestSkeleton, rotations: Quaternions, root: ArrayLike<number>, out = new Float64Array(BONE_COUNT * 12)): Float64Array {
  const h = skeleton.heads;
  for (let b = 0; b < BONE_COUNT; b++) {
    const x = rotations[4 * b], y = rotations[4 * b + 1], z = rotations[4 * b + 2], w = rotations[4 * b + 3];
    const m = 12 * b;
    out[m] = 1 - 2 * (y * y + z * z);
    out[m + 1] = 2 * (x * y - z * w);
    out[m + 2] = 2 * (x * z + y * w);
    out[m + 4] = 2 * (x * y + z * w);
    out[m + 5] = 1 - 2 * (x * x + z * z);
    out[m + 6] = 2 * (y * z - x * w);
    out[m + 8] = 2 * (x * z - y * w);
    out[m + 9] = 2 * (y * z + x * w);
    out[m + 10] = 1 - 2 * (x * x + y * y);
    const hx = h[3 * b], hy = h[3 * b + 1], hz = h[3 * b + 2];
    const p = PARENT[b];
    for (let r = 0; r < 3; r++) {
      const parent = 12 * p + 4 * r;
      const joint = p < 0
        ? h[3 * b + r] + root[r]
        : out[parent] * hx + out[parent + 1] * hy + out[parent + 2] * hz + out[parent + 3];
      const k = m + 4 * r;
      out[k + 3] = joint - (out[k] * hx + out[k + 1] * hy + out[k + 2] * hz);
    }
  }
  return out;
}

/** Where bone `b` takes the rest point (x, y, z). */
export function transformPoint(transforms: Float64Array, b: number, x: number, y: number, z: number): [number, number, number] {
  const m = 12 * b;
  return [
    transforms[m] * x + transforms[m + 1] * y + transforms[m + 2] * z + transforms[m + 3],
    transforms[m + 4] * x + transforms[m + 5] * y + transforms[m + 6] * z + transforms[m + 7],
    transforms[m + 8] * x + transforms[m + 9] * y + transforms[m + 10] * z + transforms[m + 11],
  ];
}

/** Linear blend skinning (Magnenat-Thalmann et al. 1988). Returns fresh arrays; normals are unit length. */
export function skin(surface: SkinnedSurface, transforms: Float64Array): { positions: Float32Array; normals: Float32Array } {
  const { positions: p, normals: n, bones, weights } = surface;
  const count = p.length / 3;
  const positions = new Float32Array(p.length);
  const normals = new Float32Array(p.length);
  for (let v = 0; v < count; v++) {
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0;
    for (let s = 4 * v; s < 4 * v + 4; s++) {
      const w = weights[s];
      if (w === 0) break; // weights are sorted, largest first
      const m = 12 * bones[s];
      a += w * transforms[m]; b += w * transforms[m + 1]; c += w * transforms[m + 2]; d += w * transforms[m + 3];
      e += w * transforms[m + 4]; f += w * transforms[m + 5]; g += w * transforms[m + 6]; h += w * transforms[m + 7];
      i += w * transforms[m + 8]; j += w * transforms[m + 9]; k += w * transforms[m + 10]; l += w * transforms[m + 11];
    }
    const o = 3 * v;
    const x = p[o], y = p[o + 1], z = p[o + 2];
    positions[o] = a * x + b * y + c * z + d;
    positions[o + 1] = e * x + f * y + g * z + h;
    positions[o + 2] = i * x + j * y + k * z + l;
    const nx = n[o], ny = n[o + 1], nz = n[o + 2];
    const u = a * nx + b * ny + c * nz, q = e * nx + f * ny + g * nz, t = i * nx + j * ny + k * nz;
    const scale = 1 / Math.sqrt(Math.max(u * u + q * q + t * t, 1e-20));
    normals[o] = u * scale;
    normals[o + 1] = q * scale;
    normals[o + 2] = t * scale;
  }
  return { positions, normals };
}
