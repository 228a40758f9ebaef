import { cos, sin } from '../../math/deterministic.js';
import type { SceneMaker } from '../place.js';
import { benchWith, diningGroup } from '../furnish.js';
import { crowd } from '../gathering.js';
import { block, distance } from './distance.js';
import { animals, ground, outdoorPlace, peopleOutdoors, scatter } from './outdoor.js';
import { posts, roadsideThing } from './roadside.js';

/** A paved square between buildings, with a crowd when people are wanted. */
export const square: SceneMaker = (b, brief) => {
  const { rng } = b;
  const reach = rng.range(10, 22);
  ground(b, rng.pick(['stone', 'tile', 'concrete', 'asphalt', 'brick'] as const), 'sidewalk');
  for (let side = 0; side < 4; side++) {
    if (rng.chance(0.2)) continue;
    const angle = (side * Math.PI) / 2;
    let at = -reach;
    while (at < reach) {
      const length = rng.range(8, 18), deep = 8;
      const out = reach + deep / 2 + rng.range(0, 1);
      const x = cos(angle) * out - sin(angle) * (at + length / 2), y = sin(angle) * out + cos(angle) * (at + length / 2);
      block(b, x, y, angle, length, deep, rng.range(5, 20));
      b.taken.push({ x, y, yaw: angle, halfX: deep / 2, halfY: length / 2, bottom: 0, top: 5 });
      at += length;
    }
  }
  const inner = { x0: -reach * 0.7, x1: reach * 0.7, y0: -reach * 0.7, y1: reach * 0.7 };
  let left = brief.people;
  for (let i = rng.int(0, 3); i > 0; i--) {
    const seated = Math.min(left, rng.int(0, 2));
    if (diningGroup(b, rng.range(inner.x0, inner.x1), rng.range(inner.y0, inner.y1), rng.range(0, 3), seated)) left -= seated;
  }
  for (let i = rng.int(0, 4); i > 0; i--) left -= benchWith(b, rng.range(inner.x0, inner.x1), rng.range(inner.y0, inner.y1), 0, rng.range(-3, 3), rng.chance(0.5) ? Math.min(left, 2) : 0);
  scatter(b, 'tree', rng.int(0, 5), inner, {}, [0.5, 0.9]);
  scatter(b, 'street light', rng.int(1, 3), inner, { minHeight: 2 });
  for (const className of ['trash can', 'potted plant', 'bicycle', 'motorcycle', 'car', 'object', 'cone', 'box', 'sign', 'bag']) scatter(b, className, rng.chance(0.4) ? rng.int(1, 3) : 0, inner, { maxLength: 6 });
  animals(b, ['dog', 'bird', 'cat'], rng.int(0, 2), inner);
  for (let i = rng.int(1, 3); i > 0; i--) posts(b, rng.range(-8, 8), rng.range(-8, 8), 0, rng.pick([0, Math.PI / 2]));
  for (let i = rng.int(0, 3); i > 0; i--) roadsideThing(b, rng.pick(['sign', 'sign', 'hydrant', 'cone', 'fence', 'trash can', 'bicycle']), rng.range(-7, 7), rng.range(-7, 7), 0, rng.range(-3, 3));
  crowd(b, brief.crowd, { x0: -11, x1: 11, y0: -11, y1: 11, z: 0 });
  peopleOutdoors(b, left + (brief.people >= 4 ? rng.int(0, 3) : 0), { x0: -7, x1: 7, y0: -7, y1: 7 });
  distance(b, 'skyline');
  return outdoorPlace(b, 'a square', { x: reach - 1, y: reach - 1 }, ['hand', 'hand', 'head', 'robot', 'ceiling', 'ceiling']);
};
