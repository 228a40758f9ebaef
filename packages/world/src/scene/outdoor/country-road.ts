import { driving } from '../motion.js';
import type { SceneMaker } from '../place.js';
import type { Panel } from '../shapes.js';
import { panels } from '../shapes.js';
import { block, distance } from './distance.js';
import { animals, ground, outdoorPlace, scatter, strip } from './outdoor.js';
import { fenceRow, posts, roadsideThing, utilityPoles } from './roadside.js';
import { hedge } from './vegetation.js';

/** A road through fields and woods, walls of leaves beside it: the view from a car. */
export const countryRoad: SceneMaker = (b, brief) => {
  const { rng } = b;
  const half = rng.range(2.4, 3.8);
  ground(b, rng.chance(0.8) ? 'grass' : 'soil', 'grass', -0.04);
  strip(b, rng.chance(0.85) ? 'asphalt' : 'soil', 'road', -half, half, 0);
  if (rng.chance(0.5)) for (const side of [-1, 1]) strip(b, rng.pick(['soil', 'stone'] as const), 'ground', side > 0 ? half : -half - 1.2, side > 0 ? half + 1.2 : -half, -0.01);
  const marks: Panel[] = [];
  if (rng.chance(0.7)) for (let x = -90; x < 90; x += 8) marks.push({ corner: [x, -0.06, 0.012], u: [4, 0, 0], v: [0, 0.12, 0] });
  if (rng.chance(0.5)) for (const side of [-1, 1]) marks.push({ corner: [-150, side * (half - 0.25) - 0.06, 0.012], u: [300, 0, 0], v: [0, 0.12, 0] });
  if (marks.length > 0) b.stuff(panels(marks, [{ color: [0.88, 0.88, 0.86] }], 1), 'road', { castsShadow: false });
  for (const side of [-1, 1]) {
    const kind = rng.pick(['wall', 'wall', 'wall', 'trees', 'open', 'houses'] as const);
    const away = half + rng.range(0.8, 5);
    for (let x = -80; x < 80; ) {
      const length = rng.range(10, 30);
      if (kind === 'wall' && rng.chance(0.85)) {
        const deep = rng.range(1.5, 4);
        hedge(b, x + length / 2, side * (away + deep / 2 + rng.range(0, 1.5)), rng.range(-0.03, 0.03), length * 1.1, rng.range(2, 9), deep, rng.chance(0.7) ? 'tree' : 'bush');
      } else if (kind === 'houses' && rng.chance(0.5)) {
        const deep = rng.range(7, 11), y = side * (away + rng.range(2, 8) + deep / 2);
        block(b, x + length / 2, y, Math.PI / 2, Math.min(14, length * 0.7), deep, rng.range(3.5, 8));
        b.taken.push({ x: x + length / 2, y, yaw: 0, halfX: length / 2, halfY: deep / 2, bottom: 0, top: 8 });
      }
      x += length;
    }
    const area = { x0: -50, x1: 60, y0: side > 0 ? away : -away - 9, y1: side > 0 ? away + 9 : -away };
    if (kind !== 'wall') scatter(b, 'tree', rng.int(3, 9), area, {}, [0.6, 1.2]);
    scatter(b, 'bush', rng.int(2, 9), area, {}, [0.7, 1.6]);
    if (rng.chance(0.3)) utilityPoles(b, side * (half + rng.range(0.9, 1.8)), 0);
    if (rng.chance(0.35)) fenceRow(b, rng.range(-30, 10), side * (half + rng.range(0.9, 2)), 0, 0, rng.int(4, 14));
    for (let i = rng.int(0, 3); i > 0; i--) roadsideThing(b, rng.pick(['sign', 'sign', 'sign', 'street light', 'trash can', 'cone', 'rock']), rng.range(-20, 30), side * (half + rng.range(0.5, 0.9)), 0, rng.pick([0, Math.PI]));
    if (rng.chance(0.3)) posts(b, rng.range(-20, 25), side * (half + 0.5), 0, 0);
    if (rng.chance(0.4)) scatter(b, 'sign', rng.int(1, 3), { x0: -20, x1: 40, y0: side * (half + 0.7) - 0.2, y1: side * (half + 0.7) + 0.2 });
    if (rng.chance(0.3)) scatter(b, rng.pick(['cone', 'rock', 'fence', 'trash can', 'street light']), rng.int(1, 5), { x0: -25, x1: 45, y0: side * (half + 0.8) - 0.3, y1: side * (half + 0.8) + 0.3 });
    animals(b, ['cow', 'sheep', 'horse', 'animal', 'bird'], kind === 'open' ? rng.int(1, 4) : 0, { x0: -20, x1: 40, y0: side * (away + 4) - 3, y1: side * (away + 4) + 3 });
  }
  for (let i = rng.int(0, 4), x = rng.range(-30, 10); i > 0; i--) {
    const className = rng.pick(['car', 'car', 'truck', 'bus', 'motorcycle', 'bicycle']);
    const model = b.pick(className, { maxLength: 14 });
    if (!model) continue;
    b.move(model, className, driving(x, half / 2, 0, Math.PI, 9));
    x += model.size[0] + rng.range(8, 25);
    // Oncoming traffic: neither people nor cameras stand in its lane.
    b.taken.push({ x: 0, y: half / 2, yaw: 0, halfX: 100, halfY: model.size[1] / 2 + 0.3, bottom: 0, top: 3.5 });
  }
  if (rng.chance(0.4)) scatter(b, 'car', rng.int(1, 3), { x0: -10, x1: 30, y0: -half - 1.2, y1: -half - 1.1 });
  for (let i = 0; i < Math.min(4, brief.people); i++) {
    const y = rng.pick([-1, 1]) * (half + rng.range(0.1, 0.6));
    b.personPassing(rng.chance(0.7) ? 'walk' : 'run', rng.range(-25, 25), y, 0, rng.chance(0.5) ? 0 : Math.PI, 100);
  }
  distance(b, rng.pick(['trees', 'trees', 'open', 'mixed'] as const), half);
  return outdoorPlace(b, 'a country road', { x: 40, y: half + 0.5 }, ['car', 'car', 'car', 'hand', 'head', 'robot'], { x: -45, y: -half / 2, yaw: 0, length: 80 });
};
