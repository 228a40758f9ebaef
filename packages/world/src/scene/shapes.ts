import type { Geometry, Material, Vec3 } from '../render/types.js';

/** A rectangle given by a corner and two edges, with how many metres one repetition of its texture covers. */
export interface Panel {
  readonly corner: Vec3;
  readonly u: Vec3;
  readonly v: Vec3;
  readonly material?: number;
  /** Where the texture starts, so that neighbouring panels continue each other. */
  readonly uv?: readonly [number, number];
}

/**
 * Merges flat panels into one geometry. Normals are u x v. Texture coordinates are in metres divided by `tile`;
 * with `tile` 0 a panel shows the texture once, row 0 at the far end of v.
 */
export function panels(list: readonly Panel[], materials: readonly Material[], tile: number): Geometry {
  const positions = new Float32Array(list.length * 12);
  const normals = new Float32Array(list.length * 12);
  const uvs = new Float32Array(list.length * 8);
  const indices = new Uint32Array(list.length * 6);
  const sorted = [...list].sort((a, b) => (a.material ?? 0) - (b.material ?? 0));
  const groups: { start: number; count: number; material: number }[] = [];
  sorted.forEach((panel, n) => {
    const { corner, u, v } = panel;
    const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const area = Math.hypot(normal[0], normal[1], normal[2]) || 1;
    const lengthU = Math.hypot(...u), lengthV = Math.hypot(...v);
    const [u0, v0] = panel.uv ?? [0, 0];
    for (let k = 0; k < 4; k++) {
      const a = k === 1 || k === 2 ? 1 : 0, b = k >= 2 ? 1 : 0;
      for (let i = 0; i < 3; i++) {
        positions[n * 12 + k * 3 + i] = corner[i] + a * u[i] + b * v[i];
        normals[n * 12 + k * 3 + i] = normal[i] / area;
      }
      uvs[n * 8 + k * 2] = tile > 0 ? (u0 + a * lengthU) / tile : a;
      uvs[n * 8 + k * 2 + 1] = tile > 0 ? -(v0 + b * lengthV) / tile : 1 - b;
    }
    indices.set([0, 1, 2, 0, 2, 3].map((i) => n * 4 + i), n * 6);
    const slot = panel.material ?? 0;
    const last = groups[groups.length - 1];
    if (last && last.material === slot) last.count += 6;
    else groups.push({ start: n * 6, count: 6, material: slot });
  });
  return { positions, normals, uvs, indices, groups, materials };
}

/** The six sides (five without `bottom`) of a box from `low` to `high`. */
export function boxPanels(low: Vec3, high: Vec3, material = 0, bottom = false): Panel[] {
  const [x, y, z] = low;
  const dx = high[0] - x, dy = high[1] - y, dz = high[2] - z;
  const sides: Panel[] = [
    { corner: [x, y, z], u: [dx, 0, 0], v: [0, 0, dz], material },
    { corner: [x + dx, y, z], u: [0, dy, 0], v: [0, 0, dz], material },
    { corner: [x + dx, y + dy, z], u: [-dx, 0, 0], v: [0, 0, dz], material },
    { corner: [x, y + dy, z], u: [0, -dy, 0], v: [0, 0, dz], material },
    { corner: [x, y, z + dz], u: [dx, 0, 0], v: [0, dy, 0], material },
  ];
  if (bottom) sides.push({ corner: [x, y + dy, z], u: [dx, 0, 0], v: [0, -dy, 0], material });
  return sides;
}
