import type { SceneMaker } from '../place.js';
import { animals, ground, outdoorPlace, peopleOutdoors, scatter, strip } from './outdoor.js';
import { distance } from './distance.js';

/** A beach with water, or an open plain. */
export const plain: SceneMaker = (b, brief) => {
  const { rng } = b;
  const beach = rng.chance(0.5);
  ground(b, rng.pick(beach ? (['soil', 'concrete'] as const) : (['soil', 'stone', 'grass'] as const)), 'ground');
  if (beach) {
    const shore = rng.range(5, 14);
    strip(b, 'water', 'water', shore, 300, 0.02, 600);
    scatter(b, 'boat', rng.int(0, 2), { x0: -12, x1: 12, y0: shore - 3, y1: shore + 8 });
    scatter(b, 'object', rng.int(0, 4), { x0: -8, x1: 8, y0: -6, y1: shore - 2 }, { minLength: 0.6 });
  }
  const area = { x0: -12, x1: 12, y0: -10, y1: beach ? 5 : 10 };
  scatter(b, 'rock', rng.int(2, 14), area, {}, [0.4, 2]);
  scatter(b, 'bush', rng.int(0, 8), area, {}, [0.5, 1.2]);
  scatter(b, 'tree', rng.int(0, 4), { x0: -20, x1: 20, y0: -18, y1: beach ? 3 : 18 }, {}, [0.7, 1.2]);
  scatter(b, 'ball', rng.int(0, 2), { x0: -4, x1: 4, y0: -4, y1: 4 });
  scatter(b, 'bag', rng.int(0, 2), { x0: -4, x1: 4, y0: -4, y1: 4 });
  animals(b, beach ? ['dog', 'bird', 'bird'] : ['animal', 'animal', 'horse', 'cow', 'dog'], rng.int(0, 4), area);
  if (rng.chance(0.3)) scatter(b, rng.pick(['car', 'truck', 'motorcycle']), 1, area, { maxLength: 7 });
  peopleOutdoors(b, brief.people, { x0: -6, x1: 6, y0: -5, y1: beach ? 4 : 5 });
  distance(b, 'open');
  return outdoorPlace(b, beach ? 'a beach' : 'an open plain', { x: 11, y: beach ? 4.5 : 9 }, ['hand', 'hand', 'head', 'robot', 'robot']);
};
