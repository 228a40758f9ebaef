import { atan2 } from '../../math/deterministic.js';
import type { SceneBuilder } from '../builder.js';
import { clutterArea } from '../clutter.js';
import { alongWall, alongWallWith, diningGroup, floorClutter, peopleInRoom } from '../furnish.js';
import { finish, paint } from '../materials.js';
import type { SceneMaker } from '../place.js';
import { standing } from '../pose.js';
import type { Room } from '../room.js';
import { buildRoom, onWall, wallsOf } from '../room.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';
import { webcamDesk } from '../webcam.js';
import { indoorPlace } from './indoor.js';

export const kitchen: SceneMaker = (b, brief) => {
  const { rng } = b;
  const room = buildRoom(b, rng.range(1.8, 3), rng.range(1.7, 2.6), rng.range(2.4, 2.8), {
    floor: ['tile', 'tile', 'wood', 'stone'], walls: ['tile', 'plaster'], painted: 0.5, windows: [0, 2], doors: [0, 1], pictures: [0, 2],
  });
  const filmed = brief.webcam && webcamDesk(b, room) ? 1 : 0;
  counterRun(b, room);
  alongWall(b, room, 'appliance', { minHeight: 1.1 });
  alongWall(b, room, 'appliance', { minHeight: 0.6, maxHeight: 1.1 });
  for (let i = rng.int(0, 2); i > 0; i--) alongWallWith(b, room, 'cabinet', 'kitchen', 12, { minHeight: 0.7, maxHeight: 1.2 });
  const seated = Math.min(brief.people - filmed, rng.int(0, 3));
  if (rng.chance(0.75)) diningGroup(b, rng.range(-0.6, 0.6), rng.range(-0.6, 0.6), rng.pick([0, Math.PI / 2]), seated, 'kitchen', 12);
  if (rng.chance(0.5)) alongWall(b, room, 'trash can');
  if (rng.chance(0.4)) alongWall(b, room, 'potted plant', { minHeight: 0.3 });
  floorClutter(b, room, rng.int(0, 3), ['box', 'trash can', 'bag', 'bowl']);
  peopleInRoom(b, room, brief.people - filmed - seated);
  return indoorPlace(b, room, 'a kitchen');
};

/** Base cabinets with a worktop along one wall, things and a sink on it, wall cabinets above. */
function counterRun(b: SceneBuilder, room: Room): void {
  const { rng, library } = b;
  const walls = wallsOf(room.halfX, room.halfY);
  const wall = rng.pick(walls);
  const length = Math.min(wall.length - 0.2, rng.range(1.8, 3.6));
  const from = rng.range(0.1, wall.length - length - 0.1);
  const deep = 0.6, high = 0.88;
  const yaw = atan2(wall.inward[1], wall.inward[0]);
  const [x, y] = onWall(wall, from + length / 2, 0, deep / 2 + 0.01);
  const footprint = { x, y, yaw, halfX: deep / 2, halfY: length / 2, bottom: 0, top: high };
  if (!b.isFree(footprint)) return;
  b.taken.push(footprint);
  const fronts = rng.chance(0.5) ? { material: paint(rng), tile: 1 } : finish(rng, library, 'wood', 0.3);
  const top = finish(rng, library, rng.pick(['stone', 'wood', 'concrete']), 0.4);
  const units = Math.max(2, Math.round(length / 0.6));
  const doors: Panel[] = boxPanels([-deep / 2, -length / 2, 0.08], [deep / 2 - 0.02, length / 2, high - 0.04]);
  for (let i = 0; i < units; i++) {
    const a = -length / 2 + (length * i) / units + 0.008, c = -length / 2 + (length * (i + 1)) / units - 0.008;
    doors.push(...boxPanels([deep / 2 - 0.02, a, 0.1], [deep / 2, c, high - 0.06], 0, true));
    doors.push(...boxPanels([deep / 2, a + 0.1, high - 0.14], [deep / 2 + 0.02, c - 0.1, high - 0.12], 1, true));
  }
  const handle = { color: [0.5, 0.5, 0.52] as const, roughness: 0.4 };
  b.stuff(panels(doors, [fronts.material, handle], fronts.tile), 'cabinet', { transform: standing(x, y, 0, yaw), instance: true });
  b.stuff(panels(boxPanels([-deep / 2, -length / 2, high - 0.04], [deep / 2 + 0.02, length / 2, high], 0, true), [top.material], top.tile), 'table', { transform: standing(x, y, 0, yaw), instance: true });
  b.focuses.push({ position: [x, y, high], size: 1.2, kind: 'tabletop', yaw });
  clutterArea(b, { x, y, z: high, yaw, halfX: deep / 2 - 0.05, halfY: length / 2 - 0.1 }, 'kitchen', rng.int(4, 12), 0.5);
  if (rng.chance(0.65) && room.windows.every((w) => Math.hypot(w.position[0] - x, w.position[1] - y) > length / 2 + 0.6)) {
    const up = 0.34, low = rng.range(1.4, 1.5), tall = rng.range(0.55, 0.75);
    const [ux, uy] = onWall(wall, from + length / 2, 0, up / 2 + 0.01);
    const list: Panel[] = boxPanels([-up / 2, -length / 2, low], [up / 2 - 0.02, length / 2, low + tall], 0, true);
    for (let i = 0; i < units; i++) {
      const a = -length / 2 + (length * i) / units + 0.008, c = -length / 2 + (length * (i + 1)) / units - 0.008;
      list.push(...boxPanels([up / 2 - 0.02, a, low + 0.01], [up / 2, c, low + tall - 0.01], 0, true));
    }
    b.stuff(panels(list, [fronts.material], fronts.tile), 'cabinet', { transform: standing(ux, uy, 0, yaw), instance: true });
  }
}
