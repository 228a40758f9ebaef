import { alongWall, alongWallWith, floorClutter } from '../furnish.js';
import { crowd } from '../gathering.js';
import type { SceneMaker } from '../place.js';
import { buildRoom } from '../room.js';
import { indoorPlace } from './indoor.js';

export const corridor: SceneMaker = (b, brief) => {
  const { rng } = b;
  const halfX = rng.range(4, 9), halfY = rng.range(0.8, 1.5);
  const room = buildRoom(b, halfX, halfY, rng.range(2.3, 3.2), {
    floor: ['tile', 'carpet', 'concrete', 'wood', 'stone'], walls: ['plaster', 'brick', 'concrete', 'tile'], painted: 0.6, windows: [0, 3], doors: [2, 6], pictures: [0, 6],
  });
  for (let i = rng.int(1, 5); i > 0; i--) alongWall(b, room, rng.pick(['potted plant', 'chair', 'trash can', 'object', 'bench', 'bag']), { maxHeight: 1.6, accept: (m) => m.size[0] < halfY * 0.8 });
  if (rng.chance(0.5)) alongWallWith(b, room, rng.pick(['cabinet', 'shelf']), 'shelf', 10, { accept: (m) => m.size[0] < halfY * 0.7 });
  if (rng.chance(0.25)) alongWall(b, room, 'bicycle', { accept: (m) => m.size[0] < halfY });
  floorClutter(b, room, rng.int(0, 4), ['bag', 'box', 'trash can', 'ball', 'cone', 'tool']);
  if (brief.crowd > 0) crowd(b, Math.min(14, brief.crowd), { x0: -halfX + 0.6, x1: halfX - 0.6, y0: -halfY + 0.4, y1: halfY - 0.4, z: 0 });
  for (let i = 0; i < brief.people; i++) {
    const x = rng.range(-halfX + 1, halfX - 1), y = rng.range(-halfY + 0.45, halfY - 0.45);
    const lane = { x: 0, y, halfX: halfX - 0.5, halfY: 0.3, yaw: 0, bottom: 0, top: 1.9 };
    if (rng.chance(0.6) && b.isFree(lane)) {
      b.taken.push(lane);
      b.personPassing('walk', 0, y, 0, rng.chance(0.5) ? 0 : Math.PI, 2 * halfX - 0.8);
    } else b.personAt(rng.pick(['stand', 'gesture'] as const), x, y, 0, rng.range(-Math.PI, Math.PI));
  }
  return indoorPlace(b, room, 'a corridor', ['robot', 'hand', 'hand', 'head', 'ceiling']);
};
