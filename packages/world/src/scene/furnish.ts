import { atan2, cos, sin } from '../math/deterministic.js';
import type { ObjectFilter, Placed, SceneBuilder } from './builder.js';
import type { ClutterKind } from './clutter.js';
import { clutterAll, clutterArea } from './clutter.js';
import { standing } from './pose.js';
import type { Room } from './room.js';
import { onWall, wallsOf } from './room.js';
import { still } from './motion.js';
import { gather } from './gathering.js';
import { seatOf } from './seat.js';
import { finish } from './materials.js';
import { panels } from './shapes.js';

const FACING = Math.PI;

/** Puts furniture with its back to a wall, facing into the room; undefined if no place was found. */
export function alongWall(b: SceneBuilder, room: Room, className: string, filter: ObjectFilter = {}): Placed | undefined {
  const { rng } = b;
  const model = b.pick(className, { maxHeight: room.height - 0.05, ...filter });
  if (!model) return undefined;
  const walls = wallsOf(room.halfX, room.halfY);
  for (let attempt = 0; attempt < 10; attempt++) {
    const wall = rng.pick(walls);
    const half = model.size[1] / 2 + 0.03;
    if (wall.length < 2 * half) continue;
    const at = rng.chance(0.3) ? (rng.chance(0.5) ? half : wall.length - half) : rng.range(half, wall.length - half);
    const [x, y] = onWall(wall, at, 0, model.size[0] / 2 + 0.03);
    const yaw = atan2(wall.inward[1], wall.inward[0]);
    // A tall thing does not stand in front of a window.
    if (model.size[2] > 1.1 && room.windows.some((w) => Math.hypot(w.position[0] - x, w.position[1] - y) < model.size[1] / 2 + Math.sqrt(w.area) / 2)) continue;
    const placed = b.put(model, className, x, y, 0, yaw);
    if (placed) {
      b.focuses.push({ position: [x, y, model.size[2] / 2], size: Math.max(...model.size), kind: 'thing', yaw });
      return placed;
    }
  }
  return undefined;
}

/** The same with things on it. */
export function alongWallWith(b: SceneBuilder, room: Room, className: string, kind: ClutterKind, density: number, filter: ObjectFilter = {}): Placed | undefined {
  const placed = alongWall(b, room, className, filter);
  if (placed) clutterAll(b, placed, kind, density);
  return placed;
}

/** Puts a model somewhere free in the room. */
export function inRoom(b: SceneBuilder, room: Room, className: string, filter: ObjectFilter = {}, margin = 0.3, anyYaw = true): Placed | undefined {
  const { rng } = b;
  const model = b.pick(className, filter);
  if (!model) return undefined;
  const reach = Math.max(model.size[0], model.size[1]) / 2 + margin;
  if (reach > room.halfX || reach > room.halfY) return undefined;
  for (let attempt = 0; attempt < 8; attempt++) {
    const x = rng.range(-room.halfX + reach, room.halfX - reach), y = rng.range(-room.halfY + reach, room.halfY - reach);
    const yaw = anyYaw ? rng.range(-Math.PI, Math.PI) : (rng.int(0, 3) * Math.PI) / 2;
    const placed = b.put(model, className, x, y, 0, yaw, { gap: 0.1 });
    if (placed) return placed;
  }
  return undefined;
}

/** Seats a person on a placed chair or couch, `shift` metres to its left; false if one cannot sit there. */
export function seat(b: SceneBuilder, chair: Placed, shift = 0): boolean {
  const spot = seatOf(chair.model);
  if (!spot) return false;
  const actor = b.library.person(b.rng.fork(`seated${chair.instanceId}${shift}`), b.nextInstance(), 'sit');
  if (actor.seatHeight === undefined) return false;
  const c = cos(chair.yaw), s = sin(chair.yaw);
  // On deep couches people sit towards the front.
  const out = Math.max(spot.x - 0.03, chair.model.size[0] / 2 - 0.55);
  const x = chair.x + c * out - s * shift, y = chair.y + s * out + c * shift;
  // Never below the floor: on a low seat the hips sink into the cushion instead.
  const z = Math.max(chair.z - 0.01, chair.z + spot.z - actor.seatHeight);
  b.addPerson(actor, 'sit', () => still(standing(x, y, z, chair.yaw)));
  b.focuses.push({ position: [x, y, chair.z + spot.z + 0.5], size: 1.3, kind: 'person', yaw: chair.yaw });
  return true;
}

/** Puts a bench somewhere free, facing `yaw`, with up to `people` on it; returns how many sit there. */
export function benchWith(b: SceneBuilder, x: number, y: number, z: number, yaw: number, people: number): number {
  const model = b.pick('bench', { maxLength: 2.6 });
  const bench = model && b.put(model, 'bench', x, y, z, yaw, { gap: 0.15 });
  if (!bench) return 0;
  const places = model.size[1] > 1.7 ? [-0.55, 0, 0.55] : model.size[1] > 1.05 ? [-0.27, 0.27] : [0];
  let sitting = 0;
  for (const shift of places) if (sitting < people && seat(b, bench, shift)) sitting++;
  return sitting;
}

/** A table with chairs round it and things on it, near (x, y); undefined if there is no room. */
export function diningGroup(b: SceneBuilder, x: number, y: number, yaw: number, seated: number, kind: ClutterKind = 'dining', density = 9): Placed | undefined {
  const { rng } = b;
  const model = b.pick('table', { minHeight: 0.62, maxHeight: 0.95, minLength: 0.7, maxLength: 2.4, accept: (m) => (m.surfaces?.length ?? 0) > 0 });
  if (!model) return undefined;
  const table = b.put(model, 'table', x, y, 0, yaw, { gap: 0.5 });
  if (!table) return undefined;
  clutterAll(b, table, kind, density * rng.range(0.3, 1.6));
  b.focuses.push({ position: [x, y, model.size[2]], size: Math.max(model.size[0], model.size[1]), kind: 'tabletop', yaw });
  const chairModel = b.pick('chair', { maxHeight: 1.15, maxLength: 0.85, minHeight: 0.6 });
  if (!chairModel) return table;
  const sides: [number, number, number][] = [];
  const along = model.size[0] > 1.3 ? [-0.26, 0.26] : [0];
  for (const f of along) for (const side of [-1, 1]) sides.push([f * model.size[0], side * (model.size[1] / 2 + chairModel.size[0] * 0.28), -side * (Math.PI / 2)]);
  const across = model.size[1] > 1.3 ? [-0.26, 0.26] : [0];
  for (const f of across) for (const side of [-1, 1]) sides.push([side * (model.size[0] / 2 + chairModel.size[0] * 0.28), f * model.size[1], side > 0 ? FACING : 0]);
  const c = cos(yaw), s = sin(yaw);
  let people = seated;
  for (const [lx, ly, turn] of sides) {
    if (rng.chance(0.2)) continue;
    const out = rng.range(0, 0.25);
    const px = lx + cos(turn + FACING) * out, py = ly + sin(turn + FACING) * out;
    const chairYaw = yaw + turn + rng.range(-0.25, 0.25);
    const cx = x + c * px - s * py, cy = y + s * px + c * py;
    const footprint = b.footprintOf(chairModel, cx, cy, 0, chairYaw);
    // Chairs reach under their own table, so they are only kept from everything else.
    const own = b.footprintOf(model, x, y, 0, yaw);
    if (b.taken.some((f) => f.x !== own.x && Math.hypot(f.x - cx, f.y - cy) < 0.42) || Math.max(footprint.halfX, footprint.halfY) > 0.6) continue;
    b.taken.push(footprint);
    const chair = b.put(chairModel, 'chair', cx, cy, 0, chairYaw, { free: true });
    if (chair && people > 0 && rng.chance(0.8) && seat(b, chair)) people--;
  }
  return table;
}

/** A desk with a monitor or laptop, keyboard-sized things, a lamp and a chair before it, its back to a wall. */
export function deskGroup(b: SceneBuilder, room: Room, seated: boolean): Placed | undefined {
  const { rng } = b;
  const desk = alongWall(b, room, 'table', { minHeight: 0.65, maxHeight: 0.85, minLength: 0.9, maxLength: 2, accept: (m) => (m.surfaces?.length ?? 0) > 0 });
  if (!desk) return undefined;
  furnishDesk(b, desk);
  const chairModel = b.pick('chair', { maxHeight: 1.2, maxLength: 0.8, minHeight: 0.6 });
  if (chairModel) {
    const out = desk.model.size[0] / 2 + chairModel.size[0] * 0.3;
    const x = desk.x + cos(desk.yaw) * out, y = desk.y + sin(desk.yaw) * out;
    const chair = b.put(chairModel, 'chair', x, y, 0, desk.yaw + FACING + rng.range(-0.5, 0.5), { free: true });
    if (chair) {
      b.taken.push(b.footprintOf(chairModel, x, y, 0, chair.yaw));
      if (seated) seat(b, chair);
    }
  }
  return desk;
}

/** The things on a desk: screens at the back, clutter in front and beside. */
export function furnishDesk(b: SceneBuilder, desk: Placed): void {
  const { rng } = b;
  const surface = desk.model.surfaces![0];
  const c = cos(desk.yaw), s = sin(desk.yaw);
  const z = desk.z + surface.z;
  const screens = rng.int(0, 2);
  for (let i = 0; i < screens; i++) {
    const className = rng.chance(0.5) ? 'laptop' : 'tv';
    const model = b.pick(className, { maxHeight: 0.6, maxLength: 0.75 });
    if (!model) continue;
    const lx = -surface.halfX + model.size[0] / 2 + 0.03, ly = screens === 1 ? rng.range(-0.2, 0.2) : (i - 0.5) * Math.min(0.8, surface.halfY);
    b.put(model, className, desk.x + c * lx - s * ly, desk.y + s * lx + c * ly, z, desk.yaw + rng.range(-0.2, 0.2), { free: true });
  }
  const front = { x: desk.x + c * surface.halfX * 0.45, y: desk.y + s * surface.halfX * 0.45, z, yaw: desk.yaw, halfX: surface.halfX * 0.5, halfY: surface.halfY };
  clutterArea(b, front, 'desk', rng.int(3, 9), 0.5);
  b.focuses.push({ position: [desk.x, desk.y, z], size: 2 * surface.halfY, kind: 'tabletop', yaw: desk.yaw });
}

/** A couch against a wall, a low table and a rug before it, perhaps people on it. */
export function sofaGroup(b: SceneBuilder, room: Room, seated: number): void {
  const { rng } = b;
  const couch = alongWall(b, room, 'couch');
  if (!couch) return;
  const c = cos(couch.yaw), s = sin(couch.yaw);
  const places = couch.model.size[1] > 1.6 ? [-0.5, 0.5, 0] : [0];
  let used = 0;
  for (const shift of places) if (used < seated && (shift !== 0 || used === 0) && seat(b, couch, shift)) used++;
  const out = couch.model.size[0] / 2 + rng.range(0.5, 0.8);
  const x = couch.x + c * out, y = couch.y + s * out;
  if (rng.chance(0.6)) rug(b, room, x, y, couch.yaw);
  const low = b.pick('table', { maxHeight: 0.6, maxLength: 1.5, accept: (m) => (m.surfaces?.length ?? 0) > 0 });
  const table = low && b.put(low, 'table', x + c * 0.3, y + s * 0.3, 0, couch.yaw + Math.PI / 2, { gap: 0.1 });
  if (table) {
    clutterAll(b, table, 'living', rng.range(4, 14));
    b.focuses.push({ position: [table.x, table.y, low.size[2]], size: Math.max(low.size[0], low.size[1]), kind: 'tabletop', yaw: couch.yaw });
  }
}

/** A rug on the floor (class floor: it is walked upon). */
export function rug(b: SceneBuilder, room: Room, x: number, y: number, yaw: number): void {
  const { rng, library } = b;
  const halfX = Math.min(rng.range(0.6, 1.1), room.halfX * 0.6), halfY = Math.min(rng.range(0.9, 1.5), room.halfY * 0.6);
  const cx = Math.max(-room.halfX + halfX * 1.3, Math.min(room.halfX - halfX * 1.3, x));
  const cy = Math.max(-room.halfY + halfY * 1.3, Math.min(room.halfY - halfY * 1.3, y));
  const cloth = finish(rng, library, rng.chance(0.7) ? 'carpet' : 'fabric', 0.4);
  const geometry = panels([{ corner: [-halfX, -halfY, 0], u: [2 * halfX, 0, 0], v: [0, 2 * halfY, 0] }], [cloth.material], rng.chance(0.4) ? 0 : cloth.tile);
  b.stuff(geometry, 'floor', { transform: standing(cx, cy, 0.012, yaw), castsShadow: false });
}

/** Loose things on the floor. */
export function floorClutter(b: SceneBuilder, room: Room, count: number, classes: readonly string[] = ['bag', 'box', 'toy', 'ball', 'object', 'trash can', 'potted plant', 'book', 'tool']): void {
  for (let i = 0; i < count; i++) inRoom(b, room, b.rng.pick(classes), { maxHeight: 1.3, maxLength: 1.4 }, 0.05);
}

/** People in the free part of a room: standing, gesturing, walking round. */
export function peopleInRoom(b: SceneBuilder, room: Room, wanted: number): void {
  const { rng } = b;
  let count = wanted;
  if (count > 1 && rng.chance(0.55)) {
    const x = room.halfX - 0.9, y = room.halfY - 0.9;
    if (x > 0.2 && y > 0.2) count -= gather(b, count, { x0: -x, x1: x, y0: -y, y1: y, z: 0 });
  }
  for (let i = 0; i < count; i++) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const x = rng.range(-room.halfX + 0.45, room.halfX - 0.45), y = rng.range(-room.halfY + 0.45, room.halfY - 0.45);
      if (rng.chance(0.3)) {
        const radius = rng.range(0.5, 1.6);
        if (Math.abs(x) + radius + 0.4 > room.halfX || Math.abs(y) + radius + 0.4 > room.halfY) continue;
        if (b.personCircling(rng.chance(0.85) ? 'walk' : 'carry', x, y, 0, radius)) break;
      } else if (b.personAt(rng.pick(['stand', 'gesture', 'gesture', 'carry'] as const), x, y, 0, rng.range(-Math.PI, Math.PI))) break;
    }
  }
}
