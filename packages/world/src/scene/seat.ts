import type { Geometry } from '../render/types.js';
import type { ObjectModel } from './library.js';

export interface Seat {
  /** Height of the seat above the model's base, metres. */
  readonly z: number;
  /** Middle of the seat along the model's x. */
  readonly x: number;
}

const known = new WeakMap<Geometry, Seat | null>();

/**
 * Where one sits on a chair, couch or bench: the height between 28 and 66 cm at which the most level surface lies.
 * Null for models without such a surface (bar stools, loungers).
 */
export function seatOf(model: ObjectModel): Seat | null {
  const { geometry } = model;
  const cached = known.get(geometry);
  if (cached !== undefined) return cached;
  const { positions, indices } = geometry;
  const bins = new Map<number, { area: number; x: number; z: number }>();
  for (let i = 0; i < indices.length; i += 3) {
    const a = indices[i] * 3, b = indices[i + 1] * 3, c = indices[i + 2] * 3;
    const z = (positions[a + 2] + positions[b + 2] + positions[c + 2]) / 3;
    if (z < 0.28 || z > 0.66) continue;
    const ux = positions[b] - positions[a], uy = positions[b + 1] - positions[a + 1], uz = positions[b + 2] - positions[a + 2];
    const wx = positions[c] - positions[a], wy = positions[c + 1] - positions[a + 1], wz = positions[c + 2] - positions[a + 2];
    const nz = Math.abs(ux * wy - uy * wx);
    const length = Math.sqrt((uy * wz - uz * wy) ** 2 + (uz * wx - ux * wz) ** 2 + nz * nz);
    if (nz < 0.8 * length) continue;
    const key = Math.round(z / 0.04);
    const bin = bins.get(key) ?? { area: 0, x: 0, z: 0 };
    const x = (positions[a] + positions[b] + positions[c]) / 3;
    bins.set(key, { area: bin.area + nz / 2, x: bin.x + (x * nz) / 2, z: bin.z + (z * nz) / 2 });
  }
  let best: { area: number; x: number; z: number } | undefined;
  // Upper and under side of a seat lie close together: the upper one is where one sits.
  for (const bin of bins.values()) if (!best || bin.area > best.area * 1.25 || (bin.area > best.area * 0.8 && bin.z / bin.area > best.z / best.area)) best = bin;
  const seat = best && best.area > 0.06 ? { z: best.z / best.area, x: best.x / best.area } : null;
  known.set(geometry, seat);
  return seat;
}
