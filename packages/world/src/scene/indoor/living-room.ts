import { alongWall, alongWallWith, diningGroup, floorClutter, peopleInRoom, sofaGroup } from '../furnish.js';
import type { SceneMaker } from '../place.js';
import { buildRoom } from '../room.js';
import { webcamDesk } from '../webcam.js';
import { indoorPlace } from './indoor.js';

export const livingRoom: SceneMaker = (b, brief) => {
  const { rng } = b;
  const room = buildRoom(b, rng.range(2, 3.6), rng.range(1.9, 3), rng.range(2.4, 3), {
    floor: ['wood', 'wood', 'carpet', 'tile'], walls: ['plaster', 'plaster', 'brick', 'wood'], painted: 0.6, windows: [1, 3], doors: [0, 2], pictures: [1, 5],
  });
  const filmed = brief.webcam && webcamDesk(b, room) ? 1 : 0;
  const left = brief.people - filmed;
  const seated = Math.min(left, rng.int(0, 3));
  sofaGroup(b, room, seated);
  if (rng.chance(0.4)) sofaGroup(b, room, 0);
  if (rng.chance(0.7)) {
    const stand = alongWallWith(b, room, 'cabinet', 'living', 0, { maxHeight: 0.8 });
    const surface = stand?.model.surfaces?.[0];
    const tv = stand && surface && b.pick('tv', { minLength: 0.4, maxLength: 1.3 });
    if (tv) b.put(tv, 'tv', stand.x, stand.y, surface.z, stand.yaw, { free: true });
  }
  if (rng.chance(0.8)) alongWallWith(b, room, 'shelf', 'shelf', 14);
  if (rng.chance(0.5)) alongWallWith(b, room, 'cabinet', 'living', 7, { maxHeight: 1.3 });
  for (let i = rng.int(1, 3); i > 0; i--) alongWall(b, room, 'potted plant', { minHeight: 0.4 });
  if (rng.chance(0.7)) alongWall(b, room, 'lamp', { minHeight: 1, maxHeight: 2 });
  for (let i = rng.int(0, 2); i > 0; i--) alongWall(b, room, 'chair', { maxHeight: 1.1 });
  if (rng.chance(0.4)) alongWall(b, room, 'object', { minHeight: 0.8, maxHeight: 2.3 });
  if (rng.chance(0.35)) diningGroup(b, rng.range(-1, 1), rng.range(-1, 1), rng.pick([0, Math.PI / 2]), left - seated);
  if (rng.chance(0.3)) alongWall(b, room, rng.pick(['dog', 'cat']), { maxHeight: 0.9 });
  floorClutter(b, room, rng.int(1, 7));
  peopleInRoom(b, room, left - seated);
  return indoorPlace(b, room, 'a living room');
};
