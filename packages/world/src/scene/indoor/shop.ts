import { clutterArea } from '../clutter.js';
import { goods } from '../packages.js';
import { alongWall, floorClutter, peopleInRoom } from '../furnish.js';
import { crowd } from '../gathering.js';
import { finish } from '../materials.js';
import type { SceneMaker } from '../place.js';
import { standing } from '../pose.js';
import { buildRoom } from '../room.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';
import { indoorPlace } from './indoor.js';

export const shop: SceneMaker = (b, brief) => {
  const { rng, library } = b;
  const halfX = rng.range(3, 5.5), halfY = rng.range(2.6, 4.5);
  const room = buildRoom(b, halfX, halfY, rng.range(2.6, 3.6), {
    floor: ['tile', 'tile', 'wood', 'stone'], walls: ['plaster', 'tile', 'wood'], painted: 0.5, windows: [0, 3], doors: [1, 2], pictures: [1, 6],
  });
  const board = finish(rng, library, rng.pick(['wood', 'metal', 'plaster']), 0.3);
  const rows = rng.int(2, 4);
  for (let i = 0; i < rows; i++) {
    const length = rng.range(1.5, Math.min(4, halfX * 1.2)), deep = rng.range(0.35, 0.6), levels = rng.int(2, 4), step = rng.range(0.33, 0.45);
    const x = rng.range(-0.5, 0.5) * (halfX - length / 2), y = -halfY + 0.9 + ((2 * halfY - 1.8) * i) / Math.max(1, rows - 1);
    const footprint = { x, y, yaw: 0, halfX: length / 2, halfY: deep / 2, bottom: 0, top: levels * step + 0.3 };
    if (!b.isFree(footprint, 0.5)) continue;
    b.taken.push(footprint);
    const list: Panel[] = [];
    for (const side of [-1, 1]) list.push(...boxPanels([side * length / 2 - 0.02, -deep / 2, 0], [side * length / 2 + 0.02, deep / 2, levels * step + 0.2]));
    for (let k = 0; k <= levels; k++) list.push(...boxPanels([-length / 2, -deep / 2, 0.1 + k * step], [length / 2, deep / 2, 0.125 + k * step], 0, true));
    b.stuff(panels(list, [board.material], board.tile), 'shelf', { transform: standing(x, y, 0, 0), instance: true });
    b.focuses.push({ position: [x, y, step * 1.5], size: length, kind: 'thing', yaw: rng.pick([Math.PI / 2, -Math.PI / 2]) });
    for (let k = 0; k <= levels; k++) {
      const area = { x, y, z: 0.125 + k * step, yaw: 0, halfX: length / 2 - 0.05, halfY: deep / 2 };
      const headroom = k < levels ? step - 0.05 : 0.6;
      if (rng.chance(0.7)) goods(b, area, headroom);
      else clutterArea(b, area, 'shop', rng.int(3, 8), headroom);
    }
  }
  alongWall(b, room, 'table', { minHeight: 0.65 });
  for (let i = rng.int(0, 3); i > 0; i--) alongWall(b, room, rng.pick(['appliance', 'potted plant', 'trash can', 'object']), { minHeight: 0.4 });
  floorClutter(b, room, rng.int(1, 6), ['box', 'box', 'bag', 'sign', 'trash can']);
  crowd(b, Math.min(18, brief.crowd), { x0: -halfX + 0.5, x1: halfX - 0.5, y0: -halfY + 0.5, y1: halfY - 0.5, z: 0 });
  peopleInRoom(b, room, brief.people);
  return indoorPlace(b, room, 'a shop', ['robot', 'hand', 'hand', 'head', 'ceiling']);
};
