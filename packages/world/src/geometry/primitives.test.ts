import { describe, expect, it } from '@jest/globals';
import { rotation, scaling, translation } from '../math/mat4.js';
import type { Geometry, Vec3 } from '../render/types.js';
import { box, boxBetween, capsule, cone, cylinder, ellipsoid, extrude, heightfield, lathe, merge, plane, sphere, transformed, tube } from './primitives.js';

interface Measures { area: number; volume: number; openEdges: number; worstNormal: number }

/** Area, enclosed volume (divergence theorem), edges without an opposite partner (by position), and the least facet . vertex normal. */
function measure(g: Geometry): Measures {
  const at = (i: number): Vec3 => [g.positions[i * 3], g.positions[i * 3 + 1], g.positions[i * 3 + 2]];
  const edges = new Map<string, number>();
  let area = 0, volume = 0, worstNormal = 1;
  for (let i = 0; i < g.indices.length; i += 3) {
    const corner = [g.indices[i], g.indices[i + 1], g.indices[i + 2]];
    const [a, b, c] = corner.map(at) as [Vec3, Vec3, Vec3];
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]], v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const double = Math.hypot(n[0], n[1], n[2]);
    area += double / 2;
    volume += (a[0] * n[0] + a[1] * n[1] + a[2] * n[2]) / 6;
    for (let k = 0; k < 3; k++) {
      const [p, q] = [at(corner[k]), at(corner[(k + 1) % 3])].map((x) => x.map((y) => (Math.round(y * 1e5) / 1e5 + 0).toFixed(4)).join(','));
      edges.set(`${p}>${q}`, (edges.get(`${p}>${q}`) ?? 0) + 1);
      edges.set(`${q}>${p}`, (edges.get(`${q}>${p}`) ?? 0) - 1);
      const j = corner[k] * 3;
      worstNormal = Math.min(worstNormal, (n[0] * g.normals[j] + n[1] * g.normals[j + 1] + n[2] * g.normals[j + 2]) / double);
    }
  }
  const openEdges = [...edges.values()].filter((x) => x > 0).length;
  return { area, volume, openEdges, worstNormal };
}

const solids: [string, Geometry, number | undefined, number][] = [
  ['box', box([1, 2, 3]), 22, 6],
  ['boxBetween', boxBetween([1, 1, 1], [2, 3, 4]), 22, 6],
  ['cylinder', cylinder(0.5, 2, { segments: 128 }), 2 * Math.PI * 0.5 * 2.5, Math.PI * 0.25 * 2],
  ['cone', cone(1, 2, { segments: 128 }), Math.PI * (1 + Math.sqrt(5)), (Math.PI * 2) / 3],
  ['sphere', sphere(2, { segments: 128 }), 16 * Math.PI, (32 * Math.PI) / 3],
  ['ellipsoid', ellipsoid([1, 2, 3], { segments: 128 }), undefined, 8 * Math.PI],
  ['capsule', capsule(0.5, 1, { segments: 128 }), Math.PI * 2, Math.PI * 0.25 + Math.PI / 6],
  ['L extrusion', extrude([[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]], 3), 6 + 8 * 3, 9],
  ['tube', tube([[0, 0, 0], [0, 0, 1], [0, 0, 2]], 0.3, { segments: 128 }), 2 * Math.PI * 0.3 * 2.3, Math.PI * 0.09 * 2],
  ['vase', lathe([[0, 0], [1, 0], [1, 1], [0.8, 1], [0.8, 0.2], [0, 0.2]], { segments: 128 }), undefined, Math.PI * (1 - 0.64 * 0.8)],
];

describe('primitives', () => {
  it.each(solids)('%s is closed, faces outwards and has the right size', (_, geometry, area, volume) => {
    const got = measure(geometry);
    expect(got.openEdges).toBe(0);
    expect(got.worstNormal).toBeGreaterThan(0.5);
    if (area !== undefined) expect(Math.abs(got.area / area - 1)).toBeLessThan(3e-3);
    expect(Math.abs(got.volume / volume - 1)).toBeLessThan(4e-3);
  });

  it('a bent tube is closed', () => {
    const got = measure(tube([[0, 0, 0], [0.5, 0, 1], [1.5, 0.4, 1.2], [2, 1, 0]], [0.2, 0.15, 0.1, 0]));
    expect(got.openEdges).toBe(0);
    expect(got.volume).toBeGreaterThan(0);
  });

  it('planes and height fields face up', () => {
    expect(measure(plane(2, 3, { segmentsX: 4, segmentsY: 2 }))).toMatchObject({ worstNormal: 1 });
    const slope = heightfield({ columns: 3, rows: 3, sizeX: 2, sizeY: 2, heights: [0, 1, 2, 0, 1, 2, 0, 1, 2] });
    expect(measure(slope).area).toBeCloseTo(4 * Math.SQRT2, 5);
    expect(measure(slope).worstNormal).toBeCloseTo(1, 5);
  });

  it('textures keep their size: uv is metres divided by tile', () => {
    const floor = plane(4, 2, { tile: 0.5 });
    expect([Math.max(...floor.uvs), Math.min(...floor.uvs)]).toEqual([8, -4]);
    expect(Math.max(...plane(4, 2, { tile: 0 }).uvs)).toBe(1);
  });
});

describe('transformed and merge', () => {
  it('keeps a mirrored, scaled box closed and outward', () => {
    const got = measure(transformed(box([1, 1, 1]), scaling(-1, 2, 3)));
    expect(got).toMatchObject({ openEdges: 0 });
    expect(got.volume).toBeCloseTo(6, 5);
    expect(got.worstNormal).toBeCloseTo(1, 5);
  });

  it('makes one group per material and keeps every triangle', () => {
    const red = { color: [1, 0, 0] as const }, blue = { color: [0, 0, 1] as const };
    const g = merge([
      { geometry: box([1, 1, 1]), material: red },
      { geometry: box([1, 1, 1]), material: blue, transform: translation(3, 0, 0) },
      { geometry: sphere(1), material: red, transform: rotation([1, 1, 0], 1) },
    ]);
    expect(g.materials).toEqual([red, blue]);
    expect(g.groups.map((x) => x.material)).toEqual([0, 1]);
    expect(g.groups.reduce((n, x) => n + x.count, 0)).toBe(g.indices.length);
    expect(measure(g).openEdges).toBe(0);
  });

  it('carries part labels of the pieces that have them', () => {
    const body = { ...box([1, 1, 1]), parts: new Uint8Array(12).fill(3), partUvs: new Float32Array(72).fill(0.25) };
    const g = merge([box([1, 1, 1]), body]);
    expect([g.parts![0], g.parts![12], g.partUvs![6 * 12]]).toEqual([0, 3, 0.25]);
  });
});
