import { atan2 } from '../math/deterministic.js';
import type { Geometry, Material, Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import type { ModelLibrary, TextureCategory } from './library.js';
import { finish, paint } from './materials.js';
import { standing } from './pose.js';
import type { Panel } from './shapes.js';
import { boxPanels, panels } from './shapes.js';
import type { Rng } from '../math/rng.js';

/** A rectangular room centred on the origin: x from -halfX to halfX, floor at z = 0. */
export interface Room {
  readonly halfX: number;
  readonly halfY: number;
  readonly height: number;
  /** Openings that let daylight in, world positions of their middles. */
  readonly windows: readonly { readonly position: Vec3; readonly inward: readonly [number, number]; readonly area: number }[];
}

export interface RoomStyle {
  readonly floor: readonly TextureCategory[];
  readonly walls: readonly TextureCategory[];
  /** Chance that walls are plain paint. */
  readonly painted: number;
  readonly windows: readonly [number, number];
  readonly doors: readonly [number, number];
  readonly pictures: readonly [number, number];
}

/** Walls by number: +x, +y, -x, -y. `along` runs to the left when one looks at the wall from inside. */
export interface Wall {
  readonly origin: readonly [number, number];
  readonly along: readonly [number, number];
  readonly inward: readonly [number, number];
  readonly length: number;
}

export function wallsOf(halfX: number, halfY: number): Wall[] {
  return [
    { origin: [halfX, -halfY], along: [0, 1], inward: [-1, 0], length: 2 * halfY },
    { origin: [halfX, halfY], along: [-1, 0], inward: [0, -1], length: 2 * halfX },
    { origin: [-halfX, halfY], along: [0, -1], inward: [1, 0], length: 2 * halfY },
    { origin: [-halfX, -halfY], along: [1, 0], inward: [0, 1], length: 2 * halfX },
  ];
}

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly bottom: number;
  readonly top: number;
}

/** Builds floor, ceiling, walls with windows, doors, skirting and pictures. */
export function buildRoom(b: SceneBuilder, halfX: number, halfY: number, height: number, style: RoomStyle): Room {
  const { rng, library } = b;
  const floor = finish(rng, library, rng.pick(style.floor));
  b.stuff(panels([{ corner: [-halfX, -halfY, 0], u: [2 * halfX, 0, 0], v: [0, 2 * halfY, 0] }], [floor.material], floor.tile), 'floor');
  const ceiling = rng.chance(0.75) ? { material: { color: [0.93, 0.93, 0.91] as Vec3 }, tile: 1 } : finish(rng, library, 'plaster');
  b.stuff(panels([{ corner: [-halfX, halfY, height], u: [2 * halfX, 0, 0], v: [0, -2 * halfY, 0] }], [ceiling.material], ceiling.tile), 'ceiling');
  const common = wallFinish(rng, library, style);
  const accent = rng.chance(0.35) ? wallFinish(rng, library, style) : common;
  const trim: Material = { color: rng.chance(0.6) ? [0.9, 0.9, 0.88] : [0.35, 0.24, 0.16] };
  const walls = wallsOf(halfX, halfY);
  const windows: Room['windows'][number][] = [];
  let windowsLeft = rng.int(...style.windows);
  let doorsLeft = rng.int(...style.doors);
  let picturesLeft = rng.int(...style.pictures);
  const order = [0, 1, 2, 3].sort(() => rng.unit() - 0.5);
  for (const w of order) {
    const wall = walls[w];
    const holes: Hole[] = [];
    const used: [number, number][] = [];
    const free = (from: number, to: number): boolean => from > 0.2 && to < wall.length - 0.2 && !used.some(([a, c]) => from < c + 0.15 && to > a - 0.15);
    const perWall = Math.ceil(windowsLeft / 2);
    for (let i = 0; i < perWall && windowsLeft > 0; i++) {
      const width = rng.range(0.9, Math.min(2.6, wall.length * 0.6));
      const from = rng.range(0.2, wall.length - width - 0.2);
      if (!free(from, from + width)) continue;
      const bottom = rng.chance(0.2) ? 0.05 : rng.range(0.7, 1.05);
      const hole = { from, to: from + width, bottom, top: Math.min(height - 0.15, rng.range(1.9, 2.4)) };
      holes.push(hole);
      used.push([hole.from, hole.to]);
      windowsLeft--;
      buildWindow(b, wall, hole, trim);
      windows.push({
        position: onWall(wall, (hole.from + hole.to) / 2, (hole.bottom + hole.top) / 2, 0.1), inward: wall.inward,
        area: (hole.to - hole.from) * (hole.top - hole.bottom),
      });
    }
    const { material, tile } = w === order[0] ? accent : common;
    b.stuff(wallGeometry(wall, height, holes, material, tile), 'wall');
    if (doorsLeft > 0 && rng.chance(0.6)) {
      const model = b.pick('door', { maxHeight: Math.min(2.6, height), minHeight: 1.6 });
      const at = rng.range(0.8, wall.length - 0.8);
      if (model && free(at - 0.55, at + 0.55)) {
        const p = onWall(wall, at, 0, model.size[0] / 2 - 0.02);
        const yaw = atan2(wall.inward[1], wall.inward[0]);
        if (b.put(model, 'door', p[0], p[1], 0, yaw)) {
          // Nothing may stand before a door.
          b.taken.push({ x: p[0] + wall.inward[0] * 0.5, y: p[1] + wall.inward[1] * 0.5, halfX: 0.45, halfY: 0.45, yaw, bottom: 0.05, top: 2 });
          used.push([at - 0.55, at + 0.55]);
          doorsLeft--;
        }
      }
    }
    for (let i = 0; i < 2 && picturesLeft > 0; i++) {
      const width = rng.range(0.25, 1.1), tall = width * rng.range(0.7, 1.4);
      const at = rng.range(0.3, wall.length - 0.3);
      if (tall > 1 || !free(at - width / 2, at + width / 2)) continue;
      hangPicture(b, wall, at, rng.range(1.45, 1.75), width, tall);
      used.push([at - width / 2, at + width / 2]);
      picturesLeft--;
    }
    if (holes.length > 0 && rng.chance(0.4)) curtains(b, wall, holes[0], height);
  }
  if (rng.chance(0.7)) skirting(b, walls, trim);
  return { halfX, halfY, height, windows };
}

function wallFinish(rng: Rng, library: ModelLibrary, style: RoomStyle): { material: Material; tile: number } {
  return rng.chance(style.painted) ? { material: paint(rng), tile: 1 } : finish(rng, library, rng.pick(style.walls), 0.2);
}

/** A point on a wall: `at` metres along it, `z` up, `out` metres into the room. */
export function onWall(wall: Wall, at: number, z: number, out: number): [number, number, number] {
  return [wall.origin[0] + wall.along[0] * at + wall.inward[0] * out, wall.origin[1] + wall.along[1] * at + wall.inward[1] * out, z];
}

function wallGeometry(wall: Wall, height: number, holes: readonly Hole[], material: Material, tile: number): Geometry {
  const xs = [...new Set([0, wall.length, ...holes.flatMap((h) => [h.from, h.to])])].sort((p, q) => p - q);
  const zs = [...new Set([0, height, ...holes.flatMap((h) => [h.bottom, h.top])])].sort((p, q) => p - q);
  const list: Panel[] = [];
  for (let i = 0; i + 1 < xs.length; i++) {
    for (let k = 0; k + 1 < zs.length; k++) {
      const x = (xs[i] + xs[i + 1]) / 2, z = (zs[k] + zs[k + 1]) / 2;
      if (holes.some((h) => x > h.from && x < h.to && z > h.bottom && z < h.top)) continue;
      const [px, py] = onWall(wall, xs[i], 0, 0);
      const width = xs[i + 1] - xs[i];
      list.push({ corner: [px, py, zs[k]], u: [wall.along[0] * width, wall.along[1] * width, 0], v: [0, 0, zs[k + 1] - zs[k]], uv: [xs[i], zs[k]] });
    }
  }
  return panels(list, [material], tile);
}

/** The depth of a window's opening and its frame with bars. */
function buildWindow(b: SceneBuilder, wall: Wall, hole: Hole, trim: Material): void {
  const deep = 0.18;
  const width = hole.to - hole.from, tall = hole.top - hole.bottom;
  const yaw = atan2(wall.inward[1], wall.inward[0]);
  const [x, y, z] = onWall(wall, (hole.from + hole.to) / 2, hole.bottom, -deep);
  // Local frame: x into the room, y along the wall.
  const half = width / 2, bar = 0.05;
  const reveal: Panel[] = [
    { corner: [0, -half, 0], u: [0, width, 0], v: [deep, 0, 0] },
    { corner: [0, -half, tall], u: [0, width, 0], v: [deep, 0, 0] },
    { corner: [0, -half, 0], u: [deep, 0, 0], v: [0, 0, tall] },
    { corner: [0, half, 0], u: [deep, 0, 0], v: [0, 0, tall] },
  ];
  b.stuff(panels(reveal, [{ color: [0.88, 0.88, 0.86] }], 1), 'wall', { transform: standing(x, y, z, yaw) });
  const bars = width > 1.3 ? b.rng.int(1, 2) : b.rng.int(0, 1);
  const list = [
    ...boxPanels([0, -half, 0], [bar, half, bar], 0, true), ...boxPanels([0, -half, tall - bar], [bar, half, tall], 0, true),
    ...boxPanels([0, -half, 0], [bar, -half + bar, tall], 0, true), ...boxPanels([0, half - bar, 0], [bar, half, tall], 0, true),
  ];
  for (let i = 1; i <= bars; i++) {
    const at = -half + (width * i) / (bars + 1);
    list.push(...boxPanels([0, at - bar / 2, 0], [bar, at + bar / 2, tall], 0, true));
  }
  if (b.rng.chance(0.4)) list.push(...boxPanels([0, -half, tall * 0.5], [bar, half, tall * 0.5 + bar * 0.7], 0, true));
  b.stuff(panels(list, [trim], 1), 'window', { transform: standing(x, y, z, yaw) });
}

export function hangPicture(b: SceneBuilder, wall: Wall, at: number, z: number, width: number, tall: number): void {
  const { rng } = b;
  const yaw = atan2(wall.inward[1], wall.inward[0]);
  const [x, y] = onWall(wall, at, 0, 0.005);
  const rim = rng.chance(0.7) ? rng.range(0.02, 0.05) : 0;
  const frame: Material = { color: rng.pick([[0.1, 0.1, 0.1], [0.85, 0.83, 0.78], [0.45, 0.3, 0.16], [0.7, 0.58, 0.25]] as const) };
  const picture: Material = { color: [1, 1, 1], texture: b.library.texture(rng, 'poster') };
  const geometry = panels(
    [
      ...boxPanels([0, -width / 2 - rim, -tall / 2 - rim], [0.025, width / 2 + rim, tall / 2 + rim], 0, true),
      { corner: [0.027, -width / 2, -tall / 2], u: [0, width, 0], v: [0, 0, tall], material: 1 },
    ],
    [frame, picture], 0,
  );
  b.stuff(geometry, 'picture', { transform: standing(x, y, z, yaw), instance: true });
}

function curtains(b: SceneBuilder, wall: Wall, hole: Hole, height: number): void {
  const { rng } = b;
  const cloth = finish(rng, b.library, 'fabric', 0.4);
  const yaw = atan2(wall.inward[1], wall.inward[0]);
  const top = Math.min(height - 0.05, hole.top + 0.15);
  const bottom = rng.chance(0.6) ? 0.03 : Math.max(0.03, hole.bottom - 0.1);
  const wide = rng.range(0.25, 0.55);
  for (const side of [-1, 1]) {
    const at = side < 0 ? hole.from - 0.1 : hole.to + 0.1 - wide;
    const [x, y] = onWall(wall, at, 0, 0.06);
    const folds: Panel[] = [];
    const count = Math.max(4, Math.round(wide / 0.07));
    for (let i = 0; i < count; i++) {
      const a = (wide * i) / count, step = wide / count;
      // `along` is to the left of `inward` seen from above on no wall: local y runs against it.
      folds.push({ corner: [i % 2 ? 0.04 : 0, -a, bottom], u: [i % 2 ? -0.04 : 0.04, -step, 0], v: [0, 0, top - bottom], uv: [a, 0] });
    }
    b.stuff(panels(folds, [cloth.material], cloth.tile), 'curtain', { transform: standing(x, y, 0, yaw) });
  }
}

function skirting(b: SceneBuilder, walls: readonly Wall[], trim: Material): void {
  const list = walls.map((wall): Panel => {
    const [x, y] = onWall(wall, 0, 0, 0.012);
    return { corner: [x, y, 0], u: [wall.along[0] * wall.length, wall.along[1] * wall.length, 0], v: [0, 0, 0.09] };
  });
  b.stuff(panels(list, [trim], 1), 'wall');
}
