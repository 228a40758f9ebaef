import { cos, sin } from '../../math/deterministic.js';
import { alongWall, alongWallWith, deskGroup, floorClutter, peopleInRoom, rug } from '../furnish.js';
import type { SceneMaker } from '../place.js';
import { buildRoom } from '../room.js';
import { webcamDesk } from '../webcam.js';
import { indoorPlace } from './indoor.js';

export const bedroom: SceneMaker = (b, brief) => {
  const { rng } = b;
  const room = buildRoom(b, rng.range(1.8, 2.8), rng.range(1.7, 2.6), rng.range(2.3, 2.8), {
    floor: ['wood', 'carpet', 'carpet'], walls: ['plaster', 'plaster', 'wood'], painted: 0.6, windows: [1, 2], doors: [0, 2], pictures: [1, 4],
  });
  const filmed = brief.webcam && webcamDesk(b, room) ? 1 : 0;
  const bed = alongWall(b, room, 'bed');
  if (bed && rng.chance(0.5)) rug(b, room, bed.x + cos(bed.yaw) * 1.2, bed.y + sin(bed.yaw) * 1.2, bed.yaw);
  for (let i = rng.int(1, 2); i > 0; i--) alongWallWith(b, room, 'cabinet', 'living', 14, { maxHeight: 0.7 });
  if (rng.chance(0.8)) alongWall(b, room, 'cabinet', { minHeight: 1.4 });
  if (rng.chance(0.5)) alongWallWith(b, room, 'shelf', 'shelf', 12);
  const sits = brief.people > filmed && rng.chance(0.5);
  if (rng.chance(0.6)) deskGroup(b, room, sits);
  if (rng.chance(0.5)) alongWall(b, room, 'chair', { maxHeight: 1.1 });
  if (rng.chance(0.5)) alongWall(b, room, 'potted plant', { minHeight: 0.4 });
  if (rng.chance(0.3)) alongWall(b, room, rng.pick(['dog', 'cat']), { maxHeight: 0.9 });
  floorClutter(b, room, rng.int(2, 8), ['bag', 'toy', 'ball', 'object', 'book', 'box', 'toy']);
  peopleInRoom(b, room, brief.people - filmed - (sits ? 1 : 0));
  return indoorPlace(b, room, 'a bedroom');
};
