import { cos, sin, TAU } from '../math/deterministic.js';
import type { Geometry } from '../render/types.js';
import { MeshBuilder, type SurfaceOptions } from './builder.js';

export interface LatheOptions extends SurfaceOptions {
  /** Facets around. Default 20. */
  readonly segments?: number;
  /** Where the profile bends by more than this many degrees the edge stays sharp. Default 40. */
  readonly creaseDegrees?: number;
}

/**
 * Turns a profile of (radius, z) points about z. The solid is on the profile's left: a vase starts on the axis below, goes
 * out, up, and back to the axis. Closed if both ends have radius 0.
 * The texture wraps a whole number of times around, v follows the profile downwards.
 */
export function lathe(profile: readonly (readonly [radius: number, z: number])[], options: LatheOptions = {}): Geometry {
  const segments = Math.max(3, options.segments ?? 20);
  const tile = options.tile ?? 1;
  const crease = cos(((options.creaseDegrees ?? 40) * TAU) / 360);
  const mesh = new MeshBuilder();
  const points = profile.filter((p, i) => i === 0 || p[0] !== profile[i - 1][0] || p[1] !== profile[i - 1][1]);
  const edges = points.slice(1).map((p, i) => {
    const dr = p[0] - points[i][0], dz = p[1] - points[i][1];
    const length = Math.sqrt(dr * dr + dz * dz);
    return { nr: dz / length, nz: -dr / length, length };
  });
  const total = edges.reduce((sum, e) => sum + e.length, 0);
  const widest = points.reduce((r, p) => Math.max(r, p[0]), 0);
  const around = tile > 0 ? Math.max(1, Math.floor((TAU * widest) / tile + 0.5)) : 1;
  const cosines: number[] = [], sines: number[] = [];
  for (let k = 0; k <= segments; k++) {
    // The seam must meet itself exactly.
    cosines.push(cos(((k % segments) * TAU) / segments));
    sines.push(sin(((k % segments) * TAU) / segments));
  }
  const smooth = (i: number, j: number): readonly [number, number] => {
    const a = edges[i], b = edges[j];
    if (!b || a.nr * b.nr + a.nz * b.nz < crease) return [a.nr, a.nz];
    const nr = a.nr + b.nr, nz = a.nz + b.nz, length = Math.sqrt(nr * nr + nz * nz);
    return [nr / length, nz / length];
  };
  const ring = (point: readonly [number, number], normal: readonly [number, number], along: number): number => {
    const v = tile > 0 ? (total - along) / tile : 1 - along / total;
    let first = 0;
    for (let k = 0; k <= segments; k++) {
      const c = cosines[k], s = sines[k];
      const index = mesh.vertex(point[0] * c, point[0] * s, point[1], normal[0] * c, normal[0] * s, normal[1], (around * k) / segments, v);
      if (k === 0) first = index;
    }
    return first;
  };
  let along = 0;
  edges.forEach((edge, i) => {
    const low = ring(points[i], smooth(i, i - 1), along);
    along += edge.length;
    const high = ring(points[i + 1], smooth(i, i + 1), along);
    for (let k = 0; k < segments; k++) mesh.quad(low + k, low + k + 1, high + k + 1, high + k);
  });
  return mesh.build(options.material);
}
