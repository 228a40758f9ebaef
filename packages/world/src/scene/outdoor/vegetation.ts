import { cos, pow, sin } from '../../math/deterministic.js';
import type { Geometry, Material } from '../../render/types.js';
import type { Rng } from '../../math/rng.js';
import type { SceneBuilder } from '../builder.js';
import { finish } from '../materials.js';
import { standing } from '../pose.js';

/**
 * A wall of leaves of `length` metres along local x: a bumpy, ragged sheet with a rounded top (hedges, the edge of a
 * wood). Local y = 0 is its middle; it is `deep` metres thick.
 */
export function leafWall(rng: Rng, length: number, height: number, deep: number, material: Material, tile: number): Geometry {
  const nx = Math.max(4, Math.min(60, Math.round(length / Math.max(0.35, height * 0.18)))), nv = 10;
  const positions = new Float32Array((nx + 1) * (nv + 1) * 3);
  const normals = new Float32Array(positions.length);
  const uvs = new Float32Array((nx + 1) * (nv + 1) * 2);
  const indices = new Uint32Array(nx * nv * 6);
  const rough = Math.min(0.45, height * 0.14);
  const crowns = Array.from({ length: nx + 1 }, () => 1);
  // Crowns: a few humps of different height.
  let hump = rng.range(0.75, 1.1), left = 0;
  for (let i = 0; i <= nx; i++) {
    if (left-- <= 0) [hump, left] = [rng.range(0.7, 1.12), rng.int(2, 6)];
    crowns[i] = hump * rng.range(0.92, 1.05);
  }
  for (let i = 0; i <= nx; i++) {
    for (let k = 0; k <= nv; k++) {
      const n = i * (nv + 1) + k;
      const f = k / nv;
      // Over the top from the front foot to the back foot.
      const angle = Math.PI * f;
      const up = pow(sin(angle), 0.55) * height * crowns[i];
      const out = -cos(angle) * (deep / 2) * (0.75 + 0.5 * sin(angle));
      const foot = k === 0 || k === nv ? 0 : 1;
      positions[n * 3] = -length / 2 + (length * i) / nx + foot * rng.range(-0.3, 0.3) * (length / nx);
      positions[n * 3 + 1] = out + foot * rng.range(-rough, rough);
      positions[n * 3 + 2] = Math.max(0, up + foot * rng.range(-rough, rough));
      uvs[n * 2] = ((length * i) / nx) / tile;
      uvs[n * 2 + 1] = (f * (2 * height + deep)) / tile;
    }
  }
  let at = 0;
  for (let i = 0; i < nx; i++) {
    for (let k = 0; k < nv; k++) {
      const a = i * (nv + 1) + k, b = a + nv + 1;
      indices.set([a, b, b + 1, a, b + 1, a + 1], at);
      at += 6;
    }
  }
  smoothNormals(positions, normals, indices);
  return { positions, normals, uvs, indices, groups: [{ start: 0, count: indices.length, material: 0 }], materials: [material] };
}

function smoothNormals(positions: Float32Array, normals: Float32Array, indices: Uint32Array): void {
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i] * 3, indices[i + 1] * 3, indices[i + 2] * 3];
    const ux = positions[b] - positions[a], uy = positions[b + 1] - positions[a + 1], uz = positions[b + 2] - positions[a + 2];
    const wx = positions[c] - positions[a], wy = positions[c + 1] - positions[a + 1], wz = positions[c + 2] - positions[a + 2];
    const n = [uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx];
    for (const v of [a, b, c]) for (let k = 0; k < 3; k++) normals[v + k] += n[k];
  }
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.hypot(normals[v], normals[v + 1], normals[v + 2]) || 1;
    for (let k = 0; k < 3; k++) normals[v + k] /= length;
  }
}

/** A leafy material: grass and leaf pictures in the greens (sometimes autumn colours) of the place. */
export function foliage(b: SceneBuilder): { material: Material; tile: number } {
  const { rng, library } = b;
  const base = finish(rng, library, rng.chance(0.6) ? 'grass' : 'leaves', 0.1);
  const autumn = rng.chance(0.12);
  const gain = rng.range(0.55, 1);
  const color = autumn ? ([gain, gain * 0.6, gain * 0.3] as const) : ([gain * rng.range(0.6, 0.9), gain, gain * rng.range(0.4, 0.7)] as const);
  return { material: { ...base.material, color }, tile: rng.range(0.8, 2) };
}

/** Puts a leaf wall into the scene along a line, as one instance of `className`. */
export function hedge(b: SceneBuilder, x: number, y: number, yaw: number, length: number, height: number, deep: number, className: 'tree' | 'bush', block = true): void {
  const { material, tile } = foliage(b);
  const geometry = leafWall(b.rng, length, height, deep, material, tile * Math.max(1, height / 3));
  b.stuff(geometry, className, { transform: standing(x, y, 0, yaw), instance: true });
  if (block) b.taken.push({ x, y, yaw, halfX: length / 2, halfY: deep / 2 + 0.1, bottom: 0, top: height });
}
