import type { SceneBuilder } from '../builder.js';
import { clutterArea } from '../clutter.js';
import { cartons } from '../packages.js';
import { alongWall, alongWallWith, floorClutter, inRoom, peopleInRoom } from '../furnish.js';
import { crowd } from '../gathering.js';
import { finish } from '../materials.js';
import type { SceneMaker } from '../place.js';
import { standing } from '../pose.js';
import { buildRoom } from '../room.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';
import { indoorPlace } from './indoor.js';

export const warehouse: SceneMaker = (b, brief) => {
  const { rng } = b;
  const workshop = rng.chance(0.5);
  const halfX = workshop ? rng.range(2.5, 4) : rng.range(5, 9), halfY = workshop ? rng.range(2.2, 3.5) : rng.range(4, 7);
  const room = buildRoom(b, halfX, halfY, workshop ? rng.range(2.6, 3.4) : rng.range(4, 6), {
    floor: ['concrete', 'concrete', 'asphalt'], walls: ['brick', 'concrete', 'metal', 'plaster'], painted: 0.25, windows: [0, 4], doors: [1, 2], pictures: [0, 3],
  });
  const racks = workshop ? rng.int(0, 1) : rng.int(2, 5);
  for (let i = 0; i < racks; i++) rack(b, -halfX + 1.5 + rng.range(0, 2 * halfX - 3), -halfY + 1 + rng.range(0, 2 * halfY - 2), rng.chance(0.7) ? 0 : Math.PI / 2);
  for (let i = rng.int(1, 3); i > 0; i--) alongWallWith(b, room, 'table', 'workshop', 14, { minHeight: 0.65, minLength: 1 });
  for (let i = rng.int(1, 2); i > 0; i--) alongWallWith(b, room, 'shelf', 'workshop', 14);
  for (let i = rng.int(1, 5); i > 0; i--) pile(b, rng.range(-halfX + 0.6, halfX - 0.6), rng.range(-halfY + 0.6, halfY - 0.6));
  if (rng.chance(0.5)) inRoom(b, room, rng.pick(['truck', 'motorcycle', 'car', 'bicycle']), { maxLength: workshop ? 2.4 : 5, maxHeight: room.height - 0.3 });
  if (rng.chance(0.5)) alongWall(b, room, 'bicycle');
  for (let i = rng.int(0, 3); i > 0; i--) alongWall(b, room, 'tool', { minHeight: 0.4 });
  floorClutter(b, room, rng.int(5, 14), ['box', 'box', 'box', 'object', 'trash can', 'cone', 'tool', 'bag', 'ball']);
  crowd(b, Math.min(18, brief.crowd), { x0: -halfX + 0.5, x1: halfX - 0.5, y0: -halfY + 0.5, y1: halfY - 0.5, z: 0 });
  peopleInRoom(b, room, brief.people);
  return indoorPlace(b, room, workshop ? 'a workshop' : 'a warehouse');
};

/** A pallet rack: posts, shelves, boxes on every level. */
function rack(b: SceneBuilder, x: number, y: number, yaw: number): void {
  const { rng, library } = b;
  const length = rng.range(2, 3.4), deep = rng.range(0.6, 1), levels = rng.int(2, 4), step = rng.range(0.75, 1.1);
  const footprint = { x, y, yaw, halfX: length / 2, halfY: deep / 2, bottom: 0, top: levels * step + 0.5 };
  if (!b.isFree(footprint, 0.6)) return;
  b.taken.push(footprint);
  const list: Panel[] = [];
  for (const sx of [-1, 1]) for (const sy of [-1, 1]) {
    list.push(...boxPanels([sx * (length / 2 - 0.04) - 0.035, sy * (deep / 2 - 0.04) - 0.035, 0], [sx * (length / 2 - 0.04) + 0.035, sy * (deep / 2 - 0.04) + 0.035, levels * step + 0.4]));
  }
  for (let i = 0; i <= levels; i++) list.push(...boxPanels([-length / 2, -deep / 2, 0.1 + i * step], [length / 2, deep / 2, 0.15 + i * step], 1, true));
  const steel = { color: rng.pick([[0.1, 0.25, 0.6], [0.9, 0.45, 0.08], [0.5, 0.5, 0.5], [0.25, 0.35, 0.25]] as const), roughness: 0.6 };
  const board = finish(rng, library, rng.pick(['wood', 'metal']));
  b.stuff(panels(list, [steel, board.material], board.tile), 'shelf', { transform: standing(x, y, 0, yaw), instance: true });
  b.focuses.push({ position: [x, y, step], size: length, kind: 'thing', yaw: yaw + Math.PI / 2 });
  for (let i = 0; i <= Math.min(levels, 3); i++) {
    const area = { x, y, z: 0.15 + i * step, yaw, halfX: length / 2 - 0.1, halfY: deep / 2 };
    cartons(b, area, rng.int(2, 6), step - 0.1);
    clutterArea(b, area, 'workshop', rng.int(0, 2), step - 0.15);
  }
}

/** A pallet's worth of cartons on the floor. */
function pile(b: SceneBuilder, x: number, y: number): void {
  const { rng } = b;
  const area = { x, y, z: 0, yaw: rng.range(-3, 3), halfX: rng.range(0.25, 0.5), halfY: rng.range(0.4, 0.7) };
  const footprint = { ...area, bottom: 0, top: 1.2 };
  if (!b.isFree(footprint, 0.1)) return;
  b.taken.push(footprint);
  cartons(b, area, 4, rng.range(0.5, 1.4));
}
