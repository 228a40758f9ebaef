import type { Geometry } from './types.js';

/** What the renderer derives once per geometry. */
export interface GeometryInfo {
  /** Material slot of each triangle. */
  readonly slots: Uint16Array;
  /** Bounding sphere of the undeformed positions. */
  readonly center: readonly [number, number, number];
  readonly radius: number;
}

const CACHE = new WeakMap<Geometry, GeometryInfo>();

export function geometryInfo(geometry: Geometry): GeometryInfo {
  let info = CACHE.get(geometry);
  if (!info) {
    info = derive(geometry);
    CACHE.set(geometry, info);
  }
  return info;
}

function derive(geometry: Geometry): GeometryInfo {
  const slots = new Uint16Array(geometry.indices.length / 3);
  for (const group of geometry.groups) slots.fill(group.material, group.start / 3, (group.start + group.count) / 3);
  const p = geometry.positions;
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < p.length; i++) {
    const axis = i % 3, value = p[i];
    if (value < low[axis]) low[axis] = value;
    if (value > high[axis]) high[axis] = value;
  }
  if (p.length === 0) return { slots, center: [0, 0, 0], radius: 0 };
  const x = (low[0] + high[0]) / 2, y = (low[1] + high[1]) / 2, z = (low[2] + high[2]) / 2;
  let square = 0;
  for (let i = 0; i < p.length; i += 3) {
    const dx = p[i] - x, dy = p[i + 1] - y, dz = p[i + 2] - z;
    const d = dx * dx + dy * dy + dz * dz;
    if (d > square) square = d;
  }
  return { slots, center: [x, y, z], radius: Math.sqrt(square) };
}
