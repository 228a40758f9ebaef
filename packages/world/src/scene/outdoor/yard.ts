import { cos, sin } from '../../math/deterministic.js';
import type { SceneMaker } from '../place.js';
import { benchWith, diningGroup } from '../furnish.js';
import { crowd } from '../gathering.js';
import { block, distance } from './distance.js';
import { animals, ground, outdoorPlace, peopleOutdoors, scatter } from './outdoor.js';
import { fenceRow, posts } from './roadside.js';
import { hedge } from './vegetation.js';

/** A garden, park or meadow: grass, bushes, trees, hedges, animals. */
export const yard: SceneMaker = (b, brief) => {
  const { rng } = b;
  const garden = rng.chance(0.5);
  ground(b, rng.chance(0.85) ? 'grass' : 'soil', 'grass');
  const reach = garden ? rng.range(7, 12) : rng.range(12, 22);
  const area = { x0: -reach, x1: reach, y0: -reach, y1: reach };
  let benched = 0;
  if (garden) {
    for (let side = 0; side < 4; side++) {
      const angle = (side * Math.PI) / 2;
      const x = cos(angle) * (reach + 1), y = sin(angle) * (reach + 1);
      if (rng.chance(0.3)) block(b, cos(angle) * (reach + 6), sin(angle) * (reach + 6), angle, rng.range(9, 16), 8, rng.range(3.5, 8));
      else if (rng.chance(0.85)) hedge(b, x, y, angle + Math.PI / 2, 2 * reach, rng.range(1.2, 4.5), rng.range(0.8, 2), rng.chance(0.6) ? 'bush' : 'tree');
    }
    if (rng.chance(0.6)) diningGroup(b, rng.range(-3, 3), rng.range(-3, 3), rng.range(0, 3), Math.min(brief.people, rng.int(0, 2)));
    scatter(b, 'chair', rng.int(0, 3), { x0: -5, x1: 5, y0: -5, y1: 5 });
  } else {
    for (let i = rng.int(1, 4); i > 0; i--) hedge(b, rng.range(-reach, reach), rng.range(reach * 0.6, reach * 1.4) * rng.pick([-1, 1]), rng.range(-0.5, 0.5), rng.range(6, 22), rng.range(2, 8), rng.range(1.5, 4), rng.chance(0.5) ? 'bush' : 'tree');
    for (let i = rng.int(0, 3); i > 0; i--) benched += benchWith(b, rng.range(-7, 7), rng.range(-7, 7), 0, rng.range(-3, 3), rng.chance(0.5) ? Math.min(2, brief.people - benched) : 0);
    crowd(b, brief.crowd, { x0: -9, x1: 9, y0: -9, y1: 9, z: 0 });
  }
  scatter(b, 'tree', rng.int(2, 9), { x0: -reach * 1.3, x1: reach * 1.3, y0: -reach * 1.3, y1: reach * 1.3 }, {}, [0.6, 1.15]);
  scatter(b, 'bush', rng.int(4, 18), area, {}, [0.7, 1.4]);
  scatter(b, 'potted plant', rng.int(0, 5), { x0: -6, x1: 6, y0: -6, y1: 6 });
  scatter(b, 'rock', rng.int(0, 5), area, {}, [0.5, 1.5]);
  for (let i = rng.int(0, 2); i > 0; i--) fenceRow(b, rng.range(-reach, reach) * 0.8, rng.range(0.4, 1) * reach * rng.pick([-1, 1]) * 0.8, 0, rng.pick([0, Math.PI / 2, Math.PI, -Math.PI / 2]), rng.int(2, 7));
  if (rng.chance(0.25)) posts(b, rng.range(-6, 6), rng.range(-6, 6), 0, rng.range(-3, 3));
  for (const className of ['ball', 'toy', 'bicycle', 'tool', 'object', 'trash can', 'box', 'street light']) scatter(b, className, rng.chance(0.3) ? rng.int(1, 2) : 0, { x0: -6, x1: 6, y0: -6, y1: 6 });
  animals(b, garden ? ['dog', 'dog', 'cat', 'bird', 'animal'] : ['dog', 'horse', 'cow', 'sheep', 'bird', 'animal', 'animal', 'dog'], rng.int(0, garden ? 2 : 6), area);
  peopleOutdoors(b, brief.people - benched, { x0: -6, x1: 6, y0: -6, y1: 6 });
  distance(b, rng.pick(['trees', 'trees', 'mixed', 'open'] as const));
  return outdoorPlace(b, garden ? 'a garden' : 'a park', { x: reach - 1, y: reach - 1 }, ['hand', 'hand', 'robot', 'robot', 'head', 'ceiling']);
};
