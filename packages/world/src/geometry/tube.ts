import { cos, sin, TAU } from '../math/deterministic.js';
import { cross, dot, normalize } from '../math/mat4.js';
import type { Geometry, Vec3 } from '../render/types.js';
import { MeshBuilder, type SurfaceOptions } from './builder.js';

export interface TubeOptions extends SurfaceOptions {
  /** Facets around. Default 10. */
  readonly segments?: number;
  /** False leaves the ends open. Default true. */
  readonly capped?: boolean;
}

/**
 * A round tube along `path` (two points or more, no two neighbours equal). `radius` is one number or one per point; a last
 * radius of 0 makes a tip. Rings are carried along without twisting (parallel transport).
 */
export function tube(path: readonly Vec3[], radius: number | readonly number[], options: TubeOptions = {}): Geometry {
  const segments = Math.max(3, options.segments ?? 10);
  const tile = options.tile ?? 1;
  const mesh = new MeshBuilder();
  const radiusAt = (i: number): number => (typeof radius === 'number' ? radius : radius[i]);
  const step = (i: number): [number, number, number] => {
    const a = path[i], b = path[i + 1];
    return [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  };
  const lengths = path.slice(1).map((_, i) => Math.sqrt(dot(step(i), step(i))));
  const total = lengths.reduce((sum, l) => sum + l, 0);
  const widest = path.reduce((r, _, i) => Math.max(r, radiusAt(i)), 0);
  const around = tile > 0 ? Math.max(1, Math.floor((TAU * widest) / tile + 0.5)) : 1;
  let side: Vec3 = [0, 0, 0];
  let along = 0;
  const rings: number[] = [];
  const frames: Frame[] = [];
  path.forEach((p, i) => {
    const before = normalize(step(Math.max(0, i - 1))), after = normalize(step(Math.min(path.length - 2, i)));
    const tangent = normalize([before[0] + after[0], before[1] + after[1], before[2] + after[2]]);
    if (i === 0) side = Math.abs(tangent[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
    const out = dot(side, tangent);
    side = normalize([side[0] - out * tangent[0], side[1] - out * tangent[1], side[2] - out * tangent[2]]);
    const other = cross(tangent, side);
    const r = radiusAt(i);
    // The surface leans where the radius changes.
    const low = Math.max(0, i - 1), high = Math.min(path.length - 1, i + 1);
    let run = 0;
    for (let k = low; k < high; k++) run += lengths[k];
    const slope = (radiusAt(high) - radiusAt(low)) / run;
    const v = tile > 0 ? (total - along) / tile : 1 - along / total;
    const frame = { centre: p, side, other, tangent };
    frames.push(frame);
    rings.push(ring(mesh, frame, r, slope, segments, around, v));
    along += lengths[i] ?? 0;
  });
  for (let i = 0; i + 1 < path.length; i++) {
    for (let k = 0; k < segments; k++) mesh.quad(rings[i] + k, rings[i] + k + 1, rings[i + 1] + k + 1, rings[i + 1] + k);
  }
  if (options.capped !== false) {
    disc(mesh, frames[0], radiusAt(0), -1, segments, tile);
    disc(mesh, frames[frames.length - 1], radiusAt(path.length - 1), 1, segments, tile);
  }
  return mesh.build(options.material);
}

interface Frame {
  readonly centre: Vec3;
  readonly side: Vec3;
  readonly other: Vec3;
  readonly tangent: Vec3;
}

function ring(mesh: MeshBuilder, frame: Frame, r: number, slope: number, segments: number, around: number, v: number): number {
  const { centre: p, side, other, tangent } = frame;
  const lean = 1 / Math.sqrt(1 + slope * slope);
  let first = 0;
  for (let k = 0; k <= segments; k++) {
    const c = cos(((k % segments) * TAU) / segments), s = sin(((k % segments) * TAU) / segments);
    const x = side[0] * c + other[0] * s, y = side[1] * c + other[1] * s, z = side[2] * c + other[2] * s;
    const index = mesh.vertex(
      p[0] + r * x, p[1] + r * y, p[2] + r * z,
      (x - slope * tangent[0]) * lean, (y - slope * tangent[1]) * lean, (z - slope * tangent[2]) * lean, (around * k) / segments, v,
    );
    if (k === 0) first = index;
  }
  return first;
}

/** Closes an end; `sign` 1 faces along the tangent. */
function disc(mesh: MeshBuilder, frame: Frame, r: number, sign: number, segments: number, tile: number): void {
  if (r === 0) return;
  const { centre: p, side, other, tangent: t } = frame;
  const scale = tile > 0 ? r / tile : 0.5;
  const centre = mesh.vertex(p[0], p[1], p[2], sign * t[0], sign * t[1], sign * t[2], scale, scale);
  let first = 0;
  for (let k = 0; k <= segments; k++) {
    const c = cos(((k % segments) * TAU) / segments), s = sin(((k % segments) * TAU) / segments);
    const index = mesh.vertex(
      p[0] + r * (side[0] * c + other[0] * s), p[1] + r * (side[1] * c + other[1] * s), p[2] + r * (side[2] * c + other[2] * s),
      sign * t[0], sign * t[1], sign * t[2], scale * (1 + c), scale * (1 + s),
    );
    if (k === 0) first = index;
  }
  for (let k = 0; k < segments; k++) {
    if (sign > 0) mesh.triangle(centre, first + k, first + k + 1);
    else mesh.triangle(centre, first + k + 1, first + k);
  }
}
