import type { Geometry } from '../render/types.js';
import type { ObjectModel } from '../scene/library.js';

type Surface = NonNullable<ObjectModel['surfaces']>[number];

/**
 * Finds the level faces of a piece of furniture on which things can stand: heights where upward triangles cover at
 * least a third of the footprint. `all` returns every level with 18 cm of air above it (open shelves), otherwise only
 * the highest one.
 */
export function findSurfaces(geometry: Geometry, size: readonly [number, number, number], all: boolean): Surface[] {
  const { positions, indices } = geometry;
  const bin = 0.02;
  const levels = new Map<number, { area: number; z: number; minX: number; maxX: number; minY: number; maxY: number }>();
  for (let i = 0; i < indices.length; i += 3) {
    const a = indices[i] * 3, b = indices[i + 1] * 3, c = indices[i + 2] * 3;
    const ux = positions[b] - positions[a], uy = positions[b + 1] - positions[a + 1], uz = positions[b + 2] - positions[a + 2];
    const wx = positions[c] - positions[a], wy = positions[c + 1] - positions[a + 1], wz = positions[c + 2] - positions[a + 2];
    const nx = uy * wz - uz * wy, ny = uz * wx - ux * wz, nz = ux * wy - uy * wx;
    // Winding is unreliable in the sources: a level face counts whichever side it shows.
    if (Math.abs(nz) < 0.98 * Math.hypot(nx, ny, nz)) continue;
    const z = (positions[a + 2] + positions[b + 2] + positions[c + 2]) / 3;
    const key = Math.round(z / bin);
    let level = levels.get(key);
    if (!level) levels.set(key, (level = { area: 0, z, minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity }));
    level.area += Math.abs(nz) / 2;
    level.z = Math.max(level.z, z);
    for (const p of [a, b, c]) {
      level.minX = Math.min(level.minX, positions[p]);
      level.maxX = Math.max(level.maxX, positions[p]);
      level.minY = Math.min(level.minY, positions[p + 1]);
      level.maxY = Math.max(level.maxY, positions[p + 1]);
    }
  }
  const found: Surface[] = [];
  const footprint = size[0] * size[1];
  let above = Infinity;
  for (const level of [...levels.values()].sort((p, q) => q.z - p.z)) {
    if (level.area < 0.3 * footprint || level.z < 0.03) continue;
    if (above - level.z >= 0.18) {
      // Symmetric about the origin, as the contract has it; a little in from the edge.
      const halfX = Math.min(-level.minX, level.maxX) - 0.02;
      const halfY = Math.min(-level.minY, level.maxY) - 0.02;
      if (halfX > 0.05 && halfY > 0.05) found.push({ z: level.z, halfX, halfY });
      if (!all && found.length > 0) break;
    }
    above = level.z;
  }
  return found;
}
