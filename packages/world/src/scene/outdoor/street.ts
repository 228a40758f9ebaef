import type { SceneBuilder } from '../builder.js';
import { driving } from '../motion.js';
import type { SceneMaker } from '../place.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';
import { benchWith } from '../furnish.js';
import { crowd, walkTogether } from '../gathering.js';
import { block, distance } from './distance.js';
import { ground, outdoorPlace, strip } from './outdoor.js';
import { fenceRow, posts, roadWorks, roadsideThing, utilityPoles } from './roadside.js';
import { hedge } from './vegetation.js';

/** Half the street's visible length, metres. */
const REACH = 70;

export const street: SceneMaker = (b, brief) => {
  const { rng } = b;
  const lanes = rng.chance(0.75) ? 2 : 4;
  const half = lanes * rng.range(1.6, 1.9);
  const parking = rng.chance(0.6) ? 2.2 : 0;
  const kerb = half + parking, walk = rng.range(1.8, 4);
  const front = kerb + walk;
  ground(b, rng.pick(['grass', 'concrete', 'soil'] as const), 'ground', -0.05);
  strip(b, 'asphalt', 'road', -kerb, kerb, 0);
  for (const side of [-1, 1]) {
    strip(b, rng.pick(['concrete', 'stone', 'tile'] as const), 'sidewalk', side > 0 ? kerb : -front, side > 0 ? front : -kerb, 0.12);
    const edge = boxPanels([-150, side * kerb - 0.07, 0], [150, side * kerb + 0.07, 0.13]);
    b.stuff(panels(edge, [{ color: [0.6, 0.6, 0.58] }], 1), 'sidewalk', { castsShadow: false });
    frontage(b, side, front);
  }
  markings(b, half, lanes);
  if (parking > 0) for (const side of [-1, 1]) parked(b, side * (half + 1.05), side);
  traffic(b, half, lanes);
  for (const side of [-1, 1]) furniture(b, side, kerb, front);
  for (const side of [-1, 1]) crowd(b, brief.crowd >> 1, { x0: -14, x1: 14, y0: Math.min(side * (kerb + 0.6), side * (front - 0.4)), y1: Math.max(side * (kerb + 0.6), side * (front - 0.4)), z: 0.12 });
  let together = 0;
  if (brief.people > 2 && rng.chance(0.4)) {
    together = rng.int(2, 3);
    walkTogether(b, rng.range(-10, 10), rng.pick([-1, 1]) * (kerb + walk / 2), 0.12, rng.pick([0, Math.PI]), together, 90);
  }
  for (let i = together; i < brief.people; i++) {
    const side = rng.chance(0.5) ? 1 : -1;
    const x = rng.range(-18, 18), y = side * rng.range(kerb + 0.5, front - 0.5);
    if (rng.chance(0.65)) b.personPassing(rng.chance(0.7) ? 'walk' : 'run', x, y, 0.12, rng.chance(0.5) ? 0 : Math.PI, 90);
    else if (rng.chance(0.75)) b.personAt(rng.pick(['stand', 'gesture', 'carry'] as const), x, y, 0.12, rng.range(-Math.PI, Math.PI));
    // Crosses the road from kerb to kerb: the sidewalks beyond are higher.
    else b.personPassing('walk', x + rng.range(-1, 1), 0, 0, rng.chance(0.5) ? Math.PI / 2 : -Math.PI / 2, 2 * (kerb - 0.3));
  }
  distance(b, rng.pick(['skyline', 'mixed', 'trees'] as const), kerb);
  return outdoorPlace(b, 'a street', { x: 25, y: front - 0.4 }, ['car', 'car', 'hand', 'hand', 'head', 'robot', 'ceiling'], { x: -40, y: -half / 2, yaw: 0, length: 70 });
};

/** Buildings, gardens or hedges along one side. */
function frontage(b: SceneBuilder, side: number, front: number): void {
  const { rng } = b;
  const dense = rng.chance(0.6);
  let x = -REACH;
  while (x < REACH) {
    const length = rng.range(8, 20);
    const kind = dense ? (rng.chance(0.85) ? 'house' : 'hedge') : rng.pick(['house', 'hedge', 'hedge', 'gap'] as const);
    const middle = x + length / 2;
    if (kind === 'house') {
      const deep = rng.range(8, 14), back = dense ? rng.range(0, 0.4) : rng.range(1, 7), height = dense ? rng.range(6, 18) : rng.range(4, 9);
      block(b, middle, side * (front + back + deep / 2), Math.PI / 2, length * (dense ? 1 : 0.8), deep, height);
      b.taken.push({ x: middle, y: side * (front + back + deep / 2), yaw: 0, halfX: length / 2, halfY: deep / 2, bottom: 0, top: height });
      // block() has its fronts along local x, so it is turned a quarter: local y runs along the street.
    } else if (kind === 'hedge') hedge(b, middle, side * (front + rng.range(0.6, 2)), 0, length, rng.range(1.2, 5), rng.range(0.8, 2), rng.chance(0.5) ? 'bush' : 'tree');
    x += length;
  }
}

function markings(b: SceneBuilder, half: number, lanes: number): void {
  const { rng } = b;
  const list: Panel[] = [];
  const white = rng.range(0.75, 0.95);
  const add = (x: number, y: number, length: number, width: number): number => list.push({ corner: [x, y - width / 2, 0.012], u: [length, 0, 0], v: [0, width, 0] });
  for (let lane = 1; lane < lanes; lane++) {
    const y = -half + (2 * half * lane) / lanes;
    if (rng.chance(0.3)) add(-150, y, 300, 0.12);
    else for (let x = -REACH; x < REACH; x += 6) add(x, y, 3, 0.12);
  }
  if (rng.chance(0.5)) for (const side of [-1, 1]) add(-150, side * (half - 0.15), 300, 0.1);
  if (rng.chance(0.4)) {
    const at = rng.range(-15, 25);
    for (let y = -half + 0.3; y < half - 0.3; y += 1) add(at, y + 0.25, 3, 0.5);
  }
  if (list.length > 0) b.stuff(panels(list, [{ color: [white, white, white * 0.97] }], 1), 'road', { castsShadow: false });
}

function parked(b: SceneBuilder, y: number, side: number): void {
  const { rng } = b;
  for (let x = -32 + rng.range(0, 4); x < 32; ) {
    const className = rng.pick(['car', 'car', 'car', 'car', 'truck', 'motorcycle', 'motorcycle', 'bicycle', 'bicycle']);
    const model = rng.chance(0.72) ? b.pick(className, { maxLength: 7 }) : undefined;
    if (!model) {
      x += rng.range(3, 7);
      continue;
    }
    x += model.size[0] / 2;
    b.put(model, className, x, y + rng.range(-0.15, 0.15), 0, (side > 0 ? Math.PI : 0) + rng.range(-0.04, 0.04));
    if (Math.abs(x) < 20) b.focuses.push({ position: [x, y, 0.8], size: model.size[0], kind: 'thing', yaw: side > 0 ? -Math.PI / 2 : Math.PI / 2 });
    x += model.size[0] / 2 + rng.range(0.6, 2);
  }
}

function traffic(b: SceneBuilder, half: number, lanes: number): void {
  const { rng } = b;
  const count = rng.int(1, 6);
  // Vehicles of one lane share their speed, so they never run into each other; the first lane is the camera car's.
  const speeds = Array.from({ length: lanes }, () => rng.range(3, 12));
  const next = Array.from({ length: lanes }, () => rng.range(-30, 0));
  for (let i = 0; i < count; i++) {
    const lane = rng.int(0, lanes - 1);
    const className = rng.pick(['car', 'car', 'truck', 'bus', 'bus', 'motorcycle', 'bicycle']);
    const model = b.pick(className, { maxLength: 15 });
    if (!model) continue;
    const y = -half + (2 * half * (lane + 0.5)) / lanes;
    const forward = lane < lanes / 2;
    const x = next[lane] + model.size[0] / 2 + 2;
    next[lane] = x + model.size[0] / 2 + rng.range(3, 14);
    if (lane === Math.floor(lanes / 2) - 1) continue; // kept free for the camera's car and for people
    b.move(model, className, driving(forward ? x : -x, y, 0, forward ? 0 : Math.PI, rng.chance(0.2) ? 0.01 : speeds[lane]));
    b.taken.push({ x: 0, y, yaw: 0, halfX: REACH, halfY: model.size[1] / 2 + 0.2, bottom: 0, top: 3 });
  }
}

function furniture(b: SceneBuilder, side: number, kerb: number, front: number): void {
  const { rng } = b;
  const near = side * (kerb + 0.45);
  const toRoad = side > 0 ? -Math.PI / 2 : Math.PI / 2;
  const every = rng.range(12, 22);
  const lamp = b.pick('street light', { minHeight: 2.4 });
  const tree = rng.chance(0.6) ? b.pick('tree') : undefined;
  for (let x = -50 + rng.range(0, every); x < 50; x += every) {
    if (lamp && b.affords(3000)) b.put(lamp, 'street light', x, near, 0.12, toRoad);
    if (tree && b.affords(4000)) b.put(tree, 'tree', x + every / 2, near + side * 0.2, 0.12, rng.range(-3, 3), { scale: rng.range(0.55, 0.9), free: true });
  }
  for (let i = rng.int(4, 10); i > 0; i--) {
    const className = rng.pick(['trash can', 'hydrant', 'hydrant', 'sign', 'sign', 'traffic light', 'traffic light', 'cone', 'potted plant', 'bicycle', 'object', 'box', 'fence']);
    const yaw = className === 'sign' || className === 'traffic light' ? rng.pick([0, Math.PI]) : className === 'fence' ? toRoad : rng.range(-3, 3);
    roadsideThing(b, className, rng.range(-18, 20), className === 'potted plant' ? side * (front - 0.6) : near, 0.12, yaw);
  }
  for (let i = rng.int(0, 2); i > 0; i--) benchWith(b, rng.range(-18, 18), side * (front - 0.6), 0.12, toRoad, rng.chance(0.5) ? rng.int(1, 2) : 0);
  for (let i = rng.int(1, 3); i > 0; i--) posts(b, rng.range(-18, 18), near, 0.12, 0);
  if (rng.chance(0.25)) utilityPoles(b, side * (front - 0.3), 0.12);
  if (rng.chance(0.3)) fenceRow(b, rng.range(-16, 8), rng.chance(0.5) ? side * (kerb + 0.2) : side * (front - 0.15), 0.12, 0, rng.int(2, 7));
  if (rng.chance(0.2)) roadWorks(b, rng.range(-12, 15), rng.chance(0.5) ? side * (kerb - 1.3) : side * (kerb + 1.2), rng.chance(0.5) ? 0 : 0.12);
}
