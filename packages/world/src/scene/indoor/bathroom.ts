import { atan2 } from '../../math/deterministic.js';
import { alongWall, alongWallWith, floorClutter, peopleInRoom } from '../furnish.js';
import type { SceneMaker } from '../place.js';
import { buildRoom, hangPicture, onWall, wallsOf } from '../room.js';
import type { SceneBuilder } from '../builder.js';
import type { Room } from '../room.js';
import { indoorPlace } from './indoor.js';

export const bathroom: SceneMaker = (b, brief) => {
  const { rng } = b;
  const room = buildRoom(b, rng.range(1.4, 2.2), rng.range(1.4, 2.2), rng.range(2.3, 2.7), {
    floor: ['tile', 'tile', 'stone'], walls: ['tile', 'tile', 'plaster'], painted: 0.25, windows: [0, 1], doors: [0, 1], pictures: [0, 1],
  });
  alongWall(b, room, 'bathtub');
  for (let i = rng.int(1, 2); i > 0; i--) alongWall(b, room, 'toilet', { accept: (m) => m.size[0] > 0.45 });
  for (let i = rng.int(1, 2); i > 0; i--) washbasin(b, room);
  if (rng.chance(0.3)) urinals(b, room);
  if (rng.chance(0.6)) alongWallWith(b, room, 'cabinet', 'bathroom', 20, { maxHeight: 1.2, maxLength: 1.2 });
  if (rng.chance(0.35)) alongWall(b, room, 'appliance', { minHeight: 0.6, maxHeight: 1 });
  floorClutter(b, room, rng.int(0, 4), ['trash can', 'bottle', 'box', 'potted plant', 'bag']);
  peopleInRoom(b, room, Math.min(2, brief.people));
  return indoorPlace(b, room, 'a bathroom', ['robot', 'hand', 'hand', 'head', 'ceiling']);
};

/** Washbasins hang on the wall (rim at about 85 cm) unless they have a foot; a mirror or picture above. */
function washbasin(b: SceneBuilder, room: Room): void {
  const { rng } = b;
  const model = b.pick('sink');
  if (!model) return;
  const walls = wallsOf(room.halfX, room.halfY);
  for (let attempt = 0; attempt < 8; attempt++) {
    const wall = rng.pick(walls);
    const at = rng.range(model.size[1] / 2 + 0.05, wall.length - model.size[1] / 2 - 0.05);
    const [x, y] = onWall(wall, at, 0, model.size[0] / 2 + 0.01);
    const z = Math.max(0, 0.86 - model.size[2]);
    const footprint = { ...b.footprintOf(model, x, y, 0, atan2(wall.inward[1], wall.inward[0])), bottom: 0, top: 1.9 };
    if (!b.isFree(footprint)) continue;
    b.taken.push(footprint);
    b.put(model, 'sink', x, y, z, footprint.yaw, { free: true });
    b.focuses.push({ position: [x, y, 0.85], size: 0.7, kind: 'thing', yaw: footprint.yaw });
    if (rng.chance(0.6) && room.windows.every((w) => Math.hypot(w.position[0] - x, w.position[1] - y) > 1.4)) hangPicture(b, wall, at, 1.5, 0.5, 0.6);
    return;
  }
}

/** A short row of urinals, lifted to their mounting height. */
function urinals(b: SceneBuilder, room: Room): void {
  const { rng } = b;
  const model = b.pick('toilet', { accept: (m) => m.size[0] < 0.32 });
  if (!model) return;
  const wall = rng.pick(wallsOf(room.halfX, room.halfY));
  const yaw = atan2(wall.inward[1], wall.inward[0]);
  for (let at = 0.5; at < wall.length - 0.4; at += 0.75) {
    const [x, y] = onWall(wall, at, 0, model.size[0] / 2 + 0.01);
    const footprint = { ...b.footprintOf(model, x, y, 0, yaw), top: 1.5 };
    if (!b.isFree(footprint)) continue;
    b.taken.push(footprint);
    b.put(model, 'toilet', x, y, model.size[2] > 0.8 ? 0.3 : 0.45, yaw, { free: true });
  }
}
