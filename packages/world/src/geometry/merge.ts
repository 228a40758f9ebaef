import type { Geometry, Mat4, Material } from '../render/types.js';
import { transformed } from './transformed.js';

/** One piece of a merged geometry. */
export interface MergePart {
  readonly geometry: Geometry;
  readonly transform?: Mat4;
  /** Replaces every material of the piece. */
  readonly material?: Material;
}

/**
 * One geometry from many pieces. Equal material objects share a slot; triangles are sorted by slot, so that a merged
 * geometry has one group per material. It is one-sided only if all pieces are; parts are kept where a piece has them.
 */
export function merge(parts: readonly (MergePart | Geometry)[]): Geometry {
  const pieces = parts.map((part) => {
    if (!('geometry' in part)) return { geometry: part, material: undefined };
    return { geometry: part.transform ? transformed(part.geometry, part.transform) : part.geometry, material: part.material };
  });
  const materials: Material[] = [];
  const runs: { piece: number; start: number; count: number; slot: number }[] = [];
  pieces.forEach(({ geometry, material }, piece) => {
    for (const group of geometry.groups) {
      const own = material ?? geometry.materials[group.material];
      let slot = materials.indexOf(own);
      if (slot < 0) slot = materials.push(own) - 1;
      runs.push({ piece, start: group.start, count: group.count, slot });
    }
  });
  runs.sort((a, b) => a.slot - b.slot || a.piece - b.piece || a.start - b.start);
  const bases: number[] = [];
  let vertices = 0;
  for (const { geometry } of pieces) {
    bases.push(vertices);
    vertices += geometry.positions.length / 3;
  }
  const total = runs.reduce((sum, run) => sum + run.count, 0);
  const positions = new Float32Array(vertices * 3);
  const normals = new Float32Array(vertices * 3);
  const uvs = new Float32Array(vertices * 2);
  const indices = new Uint32Array(total);
  const labelled = pieces.some(({ geometry }) => geometry.parts);
  const partIds = new Uint8Array(labelled ? total / 3 : 0);
  const partUvs = new Float32Array(labelled ? total * 2 : 0);
  pieces.forEach(({ geometry }, i) => {
    positions.set(geometry.positions, bases[i] * 3);
    normals.set(geometry.normals, bases[i] * 3);
    uvs.set(geometry.uvs, bases[i] * 2);
  });
  const groups: { start: number; count: number; material: number }[] = [];
  let at = 0;
  for (const run of runs) {
    const { geometry } = pieces[run.piece];
    const base = bases[run.piece];
    for (let i = 0; i < run.count; i++) indices[at + i] = geometry.indices[run.start + i] + base;
    if (geometry.parts) {
      partIds.set(geometry.parts.subarray(run.start / 3, (run.start + run.count) / 3), at / 3);
      if (geometry.partUvs) partUvs.set(geometry.partUvs.subarray(run.start * 2, (run.start + run.count) * 2), at * 2);
    }
    const last = groups[groups.length - 1];
    if (last && last.material === run.slot) last.count += run.count;
    else groups.push({ start: at, count: run.count, material: run.slot });
    at += run.count;
  }
  return {
    positions, normals, uvs, indices, groups, materials,
    ...(pieces.length > 0 && pieces.every(({ geometry }) => geometry.oneSided) ? { oneSided: true } : {}),
    ...(labelled ? { parts: partIds, partUvs } : {}),
  };
}
