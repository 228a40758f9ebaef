import { cos, sin } from '../math/deterministic.js';
import type { ObjectModel } from './library.js';
import type { Placed, SceneBuilder } from './builder.js';
import type { Footprint } from './footprint.js';
import { overlaps } from './footprint.js';
import { bookRow, cartons } from './packages.js';

/** Small things that belong on surfaces of each kind of place. */
export const CLUTTER = {
  dining: ['cup', 'bowl', 'bottle', 'food', 'tool', 'vase', 'cup', 'food', 'potted plant'],
  kitchen: ['bowl', 'bottle', 'cup', 'food', 'appliance', 'tool', 'food', 'bottle', 'vase'],
  desk: ['book', 'cup', 'object', 'laptop', 'tv', 'lamp', 'toy', 'bottle', 'potted plant', 'book', 'clock', 'object', 'box'],
  living: ['book', 'cup', 'vase', 'lamp', 'potted plant', 'toy', 'clock', 'object', 'bowl', 'bottle', 'picture'],
  shelf: ['book', 'vase', 'box', 'toy', 'bottle', 'object', 'bowl', 'potted plant', 'ball', 'clock', 'bag', 'book', 'picture'],
  bathroom: ['bottle', 'cup', 'vase', 'bottle', 'potted plant', 'box'],
  workshop: ['tool', 'box', 'bottle', 'tool', 'object', 'ball', 'trash can', 'tool', 'bag'],
  shop: ['bottle', 'box', 'food', 'bag', 'toy', 'book', 'bowl', 'vase', 'object', 'ball', 'cup'],
  floor: ['bag', 'box', 'toy', 'ball', 'object', 'trash can', 'potted plant', 'book', 'tool'],
} as const satisfies Record<string, readonly string[]>;

export type ClutterKind = keyof typeof CLUTTER;

/**
 * Stands up to `count` small things on one surface of a placed piece of furniture, without collisions among them.
 * Returns how many found a place.
 */
export function clutterOn(b: SceneBuilder, base: Placed, kind: ClutterKind, count: number, surfaceIndex = 0): number {
  const surface = base.model.surfaces?.[surfaceIndex];
  if (!surface) return 0;
  const above = surfaceIndex > 0 ? base.model.surfaces[surfaceIndex - 1].z - surface.z : 0.9;
  return clutterArea(b, { ...base, z: base.z + surface.z * base.scale, halfX: surface.halfX * base.scale, halfY: surface.halfY * base.scale }, kind, count, above - 0.02);
}

/** A level rectangle on which things can be put. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly yaw: number;
  readonly halfX: number;
  readonly halfY: number;
}

export function clutterArea(b: SceneBuilder, area: Area, kind: ClutterKind, count: number, headroom: number): number {
  const { rng } = b;
  const there: Footprint[] = [];
  const c = cos(area.yaw), s = sin(area.yaw);
  let done = 0;
  for (let attempt = 0; attempt < count * 3 && done < count; attempt++) {
    const className = rng.pick(CLUTTER[kind]);
    const longest = Math.min(0.75, 2 * Math.max(area.halfX, area.halfY) * 0.7);
    const model = b.pick(className, { maxHeight: Math.min(headroom, 0.75), maxLength: longest });
    if (!model) continue;
    const tip = lying(b, model, className);
    const yaw = rng.chance(0.5) ? area.yaw + rng.range(-0.4, 0.4) : rng.range(-Math.PI, Math.PI);
    const reach = Math.min(model.size[0], model.size[1]) / 2;
    const rx = area.halfX - reach, ry = area.halfY - reach;
    if (rx < 0 || ry < 0) continue;
    const lx = rng.range(-rx, rx), ly = rng.range(-ry, ry);
    const x = area.x + c * lx - s * ly, y = area.y + s * lx + c * ly;
    const footprint = b.footprintOf(model, x, y, area.z, yaw);
    if (there.some((other) => overlaps(other, footprint, 0.005))) continue;
    there.push(footprint);
    b.put(model, className, x, y, area.z + tip.lift, yaw, { free: true, ...(tip.tip ? { tip: tip.tip } : {}) });
    done++;
    if (className === 'book' && rng.chance(0.5)) stack(b, model, x, y, area.z + model.size[2], yaw, headroom);
  }
  return done;
}

/** A bottle now and then lies on its side. */
function lying(b: SceneBuilder, model: ObjectModel, className: string): { tip?: [number, number]; lift: number } {
  if (className !== 'bottle' || !b.rng.chance(0.08)) return { lift: 0 };
  return { tip: [Math.PI / 2, 0], lift: model.size[0] / 2 };
}

function stack(b: SceneBuilder, model: ObjectModel, x: number, y: number, z: number, yaw: number, headroom: number): void {
  const more = b.rng.int(1, 3);
  for (let i = 0; i < more && model.size[2] * (i + 2) < headroom && model.size[2] < 0.08; i++) {
    const other = b.pick('book', { maxHeight: 0.08, maxLength: 0.4 }) ?? model;
    if (Math.max(other.size[0], other.size[1]) > Math.max(model.size[0], model.size[1]) * 1.15) return;
    b.put(other, 'book', x, y, z, yaw + b.rng.range(-0.25, 0.25), { free: true });
    z += other.size[2];
  }
}

/** Clutter on every surface of a piece of furniture; `density` things per square metre of surface. */
export function clutterAll(b: SceneBuilder, base: Placed, kind: ClutterKind, density: number): void {
  const surfaces = base.model.surfaces ?? [];
  surfaces.forEach((surface, i) => {
    const area = 4 * surface.halfX * surface.halfY;
    const headroom = i > 0 ? surfaces[i - 1].z - surface.z - 0.02 : 0.6;
    const level = { ...base, z: base.z + surface.z * base.scale, halfX: surface.halfX, halfY: surface.halfY };
    if (base.className === 'shelf' && headroom > 0.2 && b.rng.chance(0.45)) return bookRow(b, level, headroom);
    if (kind === 'workshop' && b.rng.chance(0.3)) return cartons(b, level, 3, Math.min(0.5, headroom));
    clutterOn(b, base, kind, Math.min(14, Math.round(area * density * b.rng.range(0.5, 1.3))), i);
  });
}
