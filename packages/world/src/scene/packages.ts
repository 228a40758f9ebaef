import { TAU, cos, sin } from '../math/deterministic.js';
import type { Geometry, Material, Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import type { Area } from './clutter.js';
import { finish } from './materials.js';
import { standing } from './pose.js';
import { boxPanels, panels } from './shapes.js';

/** Goods of a few triangles each, for the dozens of things that fill shelves: cartons, packets, cans, rows of books. */

/** A point of an area: `along` its local y (the long side of furniture against a wall), `across` its local x. */
function at(area: Area, across: number, along: number): [number, number] {
  const c = cos(area.yaw), s = sin(area.yaw);
  return [area.x + c * across - s * along, area.y + s * across + c * along];
}

/** The long local axis of an area as (half length, place). */
function lengthwise(area: Area): { half: number; deep: number; place: (along: number, across: number) => [number, number]; turn: number } {
  return area.halfY >= area.halfX
    ? { half: area.halfY, deep: area.halfX, place: (along, across) => at(area, across, along), turn: 0 }
    : { half: area.halfX, deep: area.halfY, place: (along, across) => at(area, along, across), turn: Math.PI / 2 };
}

/** A box of cardboard or printed paper; its origin is in the middle of its base. */
function boxOf(b: SceneBuilder, sx: number, sy: number, sz: number, printed: boolean): Geometry {
  const { rng, library } = b;
  const sides = boxPanels([-sx / 2, -sy / 2, 0], [sx / 2, sy / 2, sz]);
  if (!printed) {
    const board = finish(rng, library, 'paper', 0.3);
    return panels(sides, [board.material], board.tile);
  }
  const tint = (): number => rng.range(0.55, 1);
  const print: Material = rng.chance(0.6)
    ? { color: [tint(), tint(), tint()], texture: library.texture(rng, 'poster'), roughness: 0.6 }
    : { color: [rng.range(0.1, 1), rng.range(0.1, 1), rng.range(0.1, 1)], roughness: 0.6 };
  return panels(sides, [print], 0);
}

/** A closed cylinder with a printed side. */
function canOf(b: SceneBuilder, radius: number, height: number): Geometry {
  const { rng, library } = b;
  const n = 12;
  const positions = new Float32Array((n + 1) * 12), normals = new Float32Array((n + 1) * 12), uvs = new Float32Array((n + 1) * 8);
  const indices = new Uint32Array(n * 9);
  for (let i = 0; i <= n; i++) {
    const c = cos((TAU * i) / n), s = sin((TAU * i) / n);
    positions.set([c * radius, s * radius, 0, c * radius, s * radius, height, c * radius, s * radius, height, 0, 0, height], i * 12);
    normals.set([c, s, 0, c, s, 0, 0, 0, 1, 0, 0, 1], i * 12);
    uvs.set([i / n, 1, i / n, 0, 0.5, 0.5, 0.5, 0.5], i * 8);
    if (i < n) {
      const v = i * 4;
      indices.set([v, v + 4, v + 5, v, v + 5, v + 1], i * 6);
      indices.set([v + 2, v + 6, v + 3], n * 6 + i * 3);
    }
  }
  const label: Material = { color: [rng.range(0.4, 1), rng.range(0.4, 1), rng.range(0.4, 1)], ...(rng.chance(0.6) ? { texture: library.texture(rng, 'poster') } : {}), roughness: 0.5 };
  const lid: Material = { color: rng.pick([[0.7, 0.7, 0.7], [0.9, 0.9, 0.9], [0.6, 0.1, 0.1], [0.1, 0.2, 0.5]] as const), roughness: 0.4 };
  return { positions, normals, uvs, indices, groups: [{ start: 0, count: n * 6, material: 0 }, { start: n * 6, count: n * 3, material: 1 }], materials: [label, lid] };
}

/** Cartons side by side, sometimes two high. */
export function cartons(b: SceneBuilder, area: Area, count: number, headroom: number): void {
  const { rng } = b;
  const { half, deep, place, turn } = lengthwise(area);
  let along = -half;
  for (let i = 0; i < count; i++) {
    const w = rng.range(0.25, 0.8), d = Math.min(2 * deep, rng.range(0.25, 0.7)), h = Math.min(headroom, rng.range(0.15, 0.65));
    if (along + w > half) return;
    const [x, y] = place(along + w / 2, 0);
    const yaw = area.yaw + turn + rng.range(-0.08, 0.08);
    b.stuff(boxOf(b, d, w, h, rng.chance(0.25)), 'box', { transform: standing(x, y, area.z, yaw), instance: true });
    if (h < headroom * 0.5 && rng.chance(0.5)) {
      b.stuff(boxOf(b, d * 0.8, w * 0.8, Math.min(h, headroom - h), rng.chance(0.25)), 'box', { transform: standing(x, y, area.z + h, yaw + rng.range(-0.2, 0.2)), instance: true });
    }
    along += w + rng.range(0.02, 0.3);
  }
}

/** Packets and cans in a row, several of a kind next to each other. */
export function goods(b: SceneBuilder, area: Area, headroom: number): void {
  const { rng } = b;
  const { half, deep, place, turn } = lengthwise(area);
  for (let along = -half; along < half; ) {
    if (rng.chance(0.15)) {
      along += rng.range(0.05, 0.3);
      continue;
    }
    const can = rng.chance(0.4);
    const w = can ? rng.range(0.06, 0.1) : rng.range(0.06, 0.24), h = Math.min(headroom, can ? rng.range(0.08, 0.26) : rng.range(0.1, 0.34)), d = can ? w : Math.min(1.8 * deep, rng.range(0.05, 0.25));
    const geometry = can ? canOf(b, w / 2, h) : boxOf(b, d, w, h, true);
    for (let k = rng.int(1, 4); k > 0 && along + w < half; k--) {
      const [x, y] = place(along + w / 2, rng.range(-1, 1) * Math.max(0, deep - d / 2));
      b.stuff(geometry, can ? 'bottle' : 'box', { transform: standing(x, y, area.z, area.yaw + turn + rng.range(-0.1, 0.1)), instance: true });
      along += w + 0.008;
    }
    along += 0.012;
  }
}

/** A row of standing books, the last ones leaning space away. */
export function bookRow(b: SceneBuilder, area: Area, headroom: number): void {
  const { rng } = b;
  const { half, deep, place, turn } = lengthwise(area);
  const end = -half + 2 * half * rng.range(0.3, 1);
  for (let along = -half; along < end; ) {
    const w = rng.range(0.015, 0.05), h = Math.min(headroom * 0.95, rng.range(0.17, 0.31)), d = Math.min(1.7 * deep, rng.range(0.13, 0.22));
    const color: Vec3 = rng.chance(0.3) ? [0.75, 0.72, 0.66] : [rng.range(0.08, 0.8), rng.range(0.08, 0.6), rng.range(0.08, 0.6)];
    const cover: Material = { color, ...(rng.chance(0.2) ? { texture: b.library.texture(rng, 'poster') } : {}) };
    const [x, y] = place(along + w / 2, deep - d / 2 - rng.range(0, 0.03));
    b.stuff(panels(boxPanels([-d / 2, -w / 2, 0], [d / 2, w / 2, h]), [cover], 0), 'book', { transform: standing(x, y, area.z, area.yaw + turn), instance: true });
    along += w + 0.002;
  }
}
