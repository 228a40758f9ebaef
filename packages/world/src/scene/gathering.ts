import { cos, sin } from '../math/deterministic.js';
import type { SceneBuilder } from './builder.js';
import { disc } from './footprint.js';
import type { Activity } from './library.js';
import { pacing } from './motion.js';

/** A level rectangle, metres. */
export interface Ground {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** Height of the floor. */
  readonly z: number;
}

const TOGETHER: readonly Activity[] = ['gesture', 'gesture', 'stand', 'carry'];

/** Up to `count` people who talk, facing one another round (x, y); returns how many found a place. */
export function circleOfPeople(b: SceneBuilder, x: number, y: number, z: number, count: number): number {
  const { rng } = b;
  const radius = 0.32 + 0.13 * count + rng.range(0, 0.25);
  if (!b.isFree(disc(x, y, radius + 0.25, z, z + 1.9))) return 0;
  const start = rng.range(-Math.PI, Math.PI);
  let done = 0;
  for (let i = 0; i < count; i++) {
    const angle = start + (2 * Math.PI * i) / count + rng.range(-0.15, 0.15);
    if (b.personAt(rng.pick(TOGETHER), x + radius * cos(angle), y + radius * sin(angle), z, angle + Math.PI + rng.range(-0.35, 0.35), 0.24)) done++;
  }
  return done;
}

/** Up to `count` people side by side, all looking the same way, as before a camera or in a queue; returns how many found a place. */
export function rowOfPeople(b: SceneBuilder, x: number, y: number, z: number, count: number): number {
  const { rng } = b;
  const yaw = rng.range(-Math.PI, Math.PI);
  const queue = rng.chance(0.3);
  const step = queue ? rng.range(0.6, 0.9) : rng.range(0.5, 0.68);
  const along = queue ? yaw : yaw + Math.PI / 2;
  let done = 0;
  for (let i = 0; i < count; i++) {
    const at = (i - (count - 1) / 2) * step;
    const px = x + cos(along) * at + rng.range(-0.08, 0.08), py = y + sin(along) * at + rng.range(-0.08, 0.08);
    if (b.personAt(rng.pick(['stand', 'stand', 'gesture', 'carry'] as const), px, py, z, yaw + rng.range(-0.25, 0.25), 0.22)) done++;
  }
  return done;
}

/** `count` people who walk abreast along `yaw` through (x, y), to and fro on `length` metres. */
export function walkTogether(b: SceneBuilder, x: number, y: number, z: number, yaw: number, count: number, length: number): void {
  const { rng } = b;
  let pace = 0;
  for (let i = 0; i < count; i++) {
    const side = (i - (count - 1) / 2) * rng.range(0.55, 0.7), ahead = rng.range(-0.25, 0.25);
    const px = x + cos(yaw) * ahead - sin(yaw) * side, py = y + sin(yaw) * ahead + cos(yaw) * side;
    const person = b.person('walk', (speed) => {
      // Who walks together keeps the first one's pace.
      if (pace === 0) pace = Math.max(0.4, speed);
      return pacing(px, py, z, yaw, pace, length);
    });
    b.focuses.push({ position: [px, py, z + person.actor.height * 0.62], size: person.actor.height, kind: 'person', yaw });
  }
}

/** Spreads `count` people over free ground as groups of two to four and single ones; returns how many found a place. */
export function gather(b: SceneBuilder, count: number, ground: Ground): number {
  const { rng } = b;
  let left = count;
  for (let attempt = 0; attempt < count * 3 + 3 && left > 1; attempt++) {
    const x = rng.range(ground.x0, ground.x1), y = rng.range(ground.y0, ground.y1);
    const size = Math.min(left, rng.int(2, 4));
    left -= rng.chance(0.6) ? circleOfPeople(b, x, y, ground.z, size) : rowOfPeople(b, x, y, ground.z, size);
    if (rng.chance(0.3)) break;
  }
  return count - left;
}

/** A crowd of `count` people of few triangles each, standing and walking all over the ground; returns how many found a place. */
export function crowd(b: SceneBuilder, count: number, ground: Ground): number {
  const { rng } = b;
  let done = 0;
  for (let attempt = 0; attempt < count * 3 && done < count; attempt++) {
    const x = rng.range(ground.x0, ground.x1), y = rng.range(ground.y0, ground.y1), yaw = rng.range(-Math.PI, Math.PI);
    if (rng.chance(0.25) ? b.personCircling('walk', x, y, ground.z, rng.range(0.5, 2), true) : b.personAt(rng.pick(['stand', 'gesture', 'carry'] as const), x, y, ground.z, yaw, 0.24, true)) done++;
  }
  return done;
}
