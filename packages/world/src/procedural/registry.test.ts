import { describe, expect, it } from '@jest/globals';
import { classId } from '../classes.js';
import { Rng } from '../math/rng.js';
import type { Geometry } from '../render/types.js';
import { createProceduralLibrary } from './library.js';
import { GENERATORS } from './registry.js';

/** Plausible extents in metres, longest horizontal side then height, as [low, high]. */
const EXTENT: Readonly<Record<string, readonly [number, number, number, number]>> = {
  dog: [0.4, 1.5, 0.35, 1.1], cat: [0.3, 1, 0.25, 0.7], horse: [1.8, 3.4, 1.5, 2.6], cow: [1.8, 3.2, 1.3, 2], sheep: [0.8, 1.8, 0.6, 1.2], bird: [0.12, 0.7, 0.1, 0.9], animal: [0.8, 2.2, 0.6, 1.9],
  car: [3.6, 5.6, 1.35, 2], truck: [4.8, 9, 1.9, 3.6], bus: [9, 13, 2.8, 3.5], motorcycle: [1.8, 2.3, 1, 1.35], bicycle: [1.5, 1.9, 0.9, 1.15], boat: [2.8, 7, 0.4, 9],
  chair: [0.3, 1.05, 0.42, 1.2], couch: [1.2, 3.3, 0.7, 1.05], bed: [1.9, 2.4, 0.5, 1.3], table: [0.4, 2.1, 0.3, 0.8], cabinet: [0.38, 2, 0.4, 2.3], shelf: [0.5, 1.3, 0.7, 2.2], bench: [1.1, 2.1, 0.4, 1],
  toilet: [0.5, 0.8, 0.6, 0.9], sink: [0.4, 1.3, 0.8, 1.1], bathtub: [1.4, 1.8, 0.5, 0.8], lamp: [0.15, 0.6, 0.25, 1.8], tv: [0.4, 1.5, 0.3, 1], laptop: [0.25, 0.5, 0.18, 0.3], appliance: [0.15, 0.8, 0.15, 2],
  book: [0.15, 0.32, 0.01, 0.06], bottle: [0.03, 0.13, 0.18, 0.35], cup: [0.05, 0.13, 0.07, 0.15], bowl: [0.12, 0.32, 0.02, 0.11], vase: [0.05, 0.3, 0.15, 0.42], clock: [0.09, 0.4, 0.1, 0.4], bag: [0.2, 0.5, 0.2, 0.65],
  box: [0.1, 1.2, 0.05, 0.95], ball: [0.06, 0.25, 0.06, 0.25], toy: [0.05, 0.4, 0.04, 0.35], tool: [0.1, 0.45, 0.004, 0.3], food: [0.06, 0.4, 0.03, 0.15], 'trash can': [0.2, 0.85, 0.25, 1.15], object: [0.05, 0.4, 0.06, 0.95],
  'potted plant': [0.15, 2.5, 0.2, 2.6], tree: [1.2, 11, 3, 14], bush: [0.5, 2.6, 0.25, 1.4], building: [6, 28, 3, 45], grass: [0.1, 0.9, 0.08, 0.65], rock: [0.2, 2.4, 0.1, 1.5],
  window: [0.7, 1.8, 0.9, 1.6], door: [0.8, 1.1, 2, 2.2], curtain: [1.3, 2.7, 1.6, 2.5], picture: [0.2, 1, 0.15, 1.4], pole: [0.1, 2, 0.7, 9.1], fence: [1.7, 2.6, 0.7, 2], sign: [0.4, 2.7, 1.7, 3.5],
  'traffic light': [0.25, 4, 2.8, 5.3], 'street light': [0.3, 2.7, 2.9, 8.6], hydrant: [0.25, 0.5, 0.7, 0.8], cone: [0.2, 0.5, 0.4, 0.8],
};

const library = createProceduralLibrary();
const SEEDS = [1, 2, 3, 4];

const sameBytes = (a: Float32Array, b: Float32Array): boolean => Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;

function faults(g: Geometry): string[] {
  const out: string[] = [];
  const vertices = g.positions.length / 3;
  if (g.normals.length !== vertices * 3 || g.uvs.length !== vertices * 2) out.push('array lengths differ');
  for (let v = 0; v < vertices; v++) {
    const n = Math.hypot(g.normals[v * 3], g.normals[v * 3 + 1], g.normals[v * 3 + 2]);
    if (Math.abs(n - 1) > 1e-3) { out.push(`normal ${v} has length ${n}`); break; }
  }
  if (!g.positions.every(Number.isFinite) || !g.uvs.every(Number.isFinite)) out.push('not finite');
  if (!g.indices.every((i) => i < vertices)) out.push('index out of range');
  let next = 0;
  for (const group of g.groups) {
    if (group.start !== next || group.count % 3 !== 0 || !g.materials[group.material]) out.push('bad group');
    next = group.start + group.count;
  }
  if (next !== g.indices.length) out.push('groups do not cover the indices');
  return out;
}

describe('procedural objects', () => {
  it('has plausible extents on record for every class', () => {
    expect(Object.keys(EXTENT).sort()).toEqual(Object.keys(GENERATORS).sort());
  });

  for (const [className, family] of Object.entries(GENERATORS)) {
    for (const [kind, make] of new Map(family)) {
      it(`${kind} (${className}) stands, has its size and valid triangles`, () => {
        const [lowSide, highSide, lowHeight, highHeight] = EXTENT[className];
        for (const seed of SEEDS) {
          const model = make(new Rng(seed));
          const g = model.geometry;
          expect(model.classId).toBe(classId(className));
          expect(faults(g)).toEqual([]);
          expect(g.indices.length / 3).toBeGreaterThanOrEqual(className === 'box' ? 12 : 20);
          expect(g.indices.length / 3).toBeLessThanOrEqual(2200);
          const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
          g.positions.forEach((value, i) => {
            low[i % 3] = Math.min(low[i % 3], value);
            high[i % 3] = Math.max(high[i % 3], value);
          });
          for (let k = 0; k < 3; k++) expect(Math.abs(high[k] - low[k] - model.size[k])).toBeLessThan(1e-4);
          expect(Math.abs(low[2])).toBeLessThan(1e-3);
          for (let k = 0; k < 2; k++) expect(Math.abs(low[k] + high[k])).toBeLessThan(1e-3);
          const side = Math.max(model.size[0], model.size[1]);
          const plausible = side >= lowSide && side <= highSide && model.size[2] >= lowHeight && model.size[2] <= highHeight;
          expect({ kind, seed, side, height: model.size[2], plausible }).toMatchObject({ plausible: true });
          let above = Infinity;
          for (const surface of model.surfaces ?? []) {
            expect(surface.z).toBeLessThan(Math.min(above, model.size[2] + 1e-3));
            expect(Math.min(surface.halfX, surface.halfY)).toBeGreaterThan(0);
            above = surface.z;
          }
          expect(sameBytes(make(new Rng(seed)).geometry.positions, g.positions)).toBe(true);
        }
      });
    }
  }

  it('walks its animals: feet stay near the ground, nothing is shared between instants', () => {
    for (const className of ['dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal']) {
      const { animation, size } = library.object(new Rng(3), className)!;
      const first = animation!.at(0), again = animation!.at(0), later = animation!.at(0.2);
      expect(sameBytes(again.positions, first.positions)).toBe(true);
      expect(again.positions).not.toBe(first.positions);
      expect(sameBytes(later.positions, first.positions)).toBe(false);
      expect(animation!.speed).toBeGreaterThan(0.1);
      expect(animation!.speed).toBeLessThan(2.6);
      for (let t = 0; t < 1.5; t += 0.25) {
        const { positions, normals } = animation!.at(t);
        let low = Infinity;
        for (let i = 2; i < positions.length; i += 3) low = Math.min(low, positions[i]);
        expect(Math.abs(low)).toBeLessThan(0.06 * size[2]);
        expect(Math.abs(Math.hypot(normals[0], normals[1], normals[2]) - 1)).toBeLessThan(1e-3);
      }
    }
  });

  it('seats people at sitting height', () => {
    for (const kind of ['chair', 'office chair', 'armchair', 'couch', 'bench']) {
      for (const seed of SEEDS) for (const s of library.object(new Rng(seed), kind)!.surfaces ?? []) if (kind !== 'chair' || s.z < 0.5) expect(Math.abs(s.z - 0.45)).toBeLessThan(0.06);
    }
  });

  it('answers undefined for surfaces of the scene and takes kinds by name', () => {
    expect(library.object(new Rng(1), 'wall')).toBeUndefined();
    expect(library.object(new Rng(1), 'fridge')!.classId).toBe(classId('appliance'));
  });

  it('builds an object in well under a frame', () => {
    for (const family of Object.values(GENERATORS)) for (const [, make] of family) make(new Rng(9));
    // Processor time, as the wall clock of a busy machine says nothing. 0.4 ms each outside jest, whose sandbox makes
    // every use of a global slow: this only catches a slip of an order of magnitude.
    const begin = process.cpuUsage().user;
    let count = 0;
    for (const family of Object.values(GENERATORS)) for (const [, make] of family) for (const seed of SEEDS) { make(new Rng(seed)); count++; }
    expect((process.cpuUsage().user - begin) / 1000 / count).toBeLessThan(20);
  });
});
