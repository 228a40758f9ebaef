import { alongWall, alongWallWith, deskGroup, diningGroup, floorClutter, peopleInRoom } from '../furnish.js';
import type { SceneMaker } from '../place.js';
import { buildRoom } from '../room.js';
import { webcamDesk } from '../webcam.js';
import { indoorPlace } from './indoor.js';

export const office: SceneMaker = (b, brief) => {
  const { rng } = b;
  const room = buildRoom(b, rng.range(2.2, 4.2), rng.range(2, 3.4), rng.range(2.5, 3), {
    floor: ['carpet', 'wood', 'tile', 'concrete'], walls: ['plaster', 'brick', 'concrete'], painted: 0.65, windows: [1, 4], doors: [1, 2], pictures: [0, 4],
  });
  const filmed = brief.webcam && webcamDesk(b, room) ? 1 : 0;
  let left = brief.people - filmed;
  const desks = rng.int(1, 4);
  for (let i = 0; i < desks; i++) {
    const sits = left > 0 && rng.chance(0.6);
    if (deskGroup(b, room, sits) && sits) left--;
  }
  if (rng.chance(0.55)) {
    const seated = Math.min(left, rng.int(0, 3));
    if (diningGroup(b, rng.range(-0.8, 0.8), rng.range(-0.8, 0.8), rng.pick([0, Math.PI / 2]), seated, 'desk', 7)) left -= seated;
  }
  for (let i = rng.int(0, 2); i > 0; i--) alongWallWith(b, room, 'shelf', 'shelf', 16);
  for (let i = rng.int(0, 2); i > 0; i--) alongWallWith(b, room, 'cabinet', 'desk', 8);
  if (rng.chance(0.6)) alongWall(b, room, 'trash can');
  for (let i = rng.int(0, 2); i > 0; i--) alongWall(b, room, 'potted plant', { minHeight: 0.4 });
  floorClutter(b, room, rng.int(0, 4), ['bag', 'box', 'trash can', 'object']);
  peopleInRoom(b, room, Math.max(0, left));
  return indoorPlace(b, room, 'an office');
};
