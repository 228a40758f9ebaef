import type { DensePoseMap } from '@sextant/core';
import { DENSEPOSE_PARTS, exchangedParts } from '../metrics/densepose-breakdown.js';
import { sigmoid } from '../runtime/tensor.js';
import { logit, type LogitMap } from './peaks.js';

/** DensePose's parts of a body that is turned round: left and right, front and back change places. */
export const TURNED_PARTS: readonly number[] = exchangedParts({ left: 'right', right: 'left', front: 'back', back: 'front' });
const HEAD = new Set(['left head', 'right head'].map((name) => DENSEPOSE_PARTS.indexOf(name)));
/** Fewer pixels of a head than these tell nothing. */
const LEAST_HEAD = 4;

/**
 * Turns round, in place, the parts of people who are seen from behind, where parts come as if everybody were seen from the front
 * (training/sextant_nano/sides.py). The side of a person is what the skeleton says, else the mean of `front` over the pixels of the head, which tells
 * it best, or of the whole body where no head is in sight.
 * @param bodies the person of each pixel of `map` (`findBodies`)
 * @param fronts of people whose skeletons are known, how surely they are seen from the front, 0..1
 * @param frontThreshold probability from which somebody is seen from the front
 * @returns `fronts`, and everybody else
 */
export function turnParts(map: Pick<DensePoseMap, 'part' | 'width' | 'height'>, bodies: Uint16Array, front: LogitMap, frontThreshold: number, fronts: ReadonlyMap<number, number>): Map<number, number> {
  const { part, width, height } = map;
  const sums = new Map<number, { head: number; heads: number; body: number; pixels: number }>();
  for (let i = 0; i < part.length; i++) {
    const id = bodies[i];
    if (part[i] === 0 || fronts.has(id)) continue;
    let sum = sums.get(id);
    if (!sum) sums.set(id, (sum = { head: 0, heads: 0, body: 0, pixels: 0 }));
    const [x, y] = [Math.floor((((i % width) + 0.5) * front.w) / width), Math.floor(((Math.floor(i / width) + 0.5) * front.h) / height)];
    const value = front.logits[y * front.w + x];
    sum.body += value;
    sum.pixels++;
    if (!HEAD.has(part[i])) continue;
    sum.head += value;
    sum.heads++;
  }
  const all = new Map(fronts);
  const bar = logit(frontThreshold);
  for (const [id, { head, heads, body, pixels }] of sums) all.set(id, sigmoid((heads >= LEAST_HEAD ? head / heads : body / pixels) - bar));
  turn(part, bodies, new Set([...all].filter(([, seen]) => seen < 0.5).map(([id]) => id)));
  return all;
}

/**
 * `fronts` after bodies were found anew (`findBodies`): who is known by a skeleton keeps its id, the others may be numbered otherwise and have that of
 * whom most of their pixels were. Nobody without pixels is in it. Returns a new map.
 * @param fronts of the bodies `before`
 * @param known ids that skeletons have
 */
export function frontsAfter(fronts: ReadonlyMap<number, number>, before: Uint16Array, after: Uint16Array, known: ReadonlyMap<number, unknown>): Map<number, number> {
  const votes = new Map<number, Map<number, number>>();
  for (let i = 0; i < after.length; i++) {
    const id = after[i];
    if (id === 0) continue;
    let counts = votes.get(id);
    if (!counts) votes.set(id, (counts = new Map<number, number>()));
    counts.set(before[i], (counts.get(before[i]) ?? 0) + 1);
  }
  const kept = new Map<number, number>();
  for (const [id, counts] of votes) {
    const [was] = known.has(id) ? [id] : [...counts].filter(([other]) => fronts.has(other)).sort((a, b) => b[1] - a[1]).map(([other]) => other);
    const front = was === undefined ? undefined : fronts.get(was);
    if (front !== undefined) kept.set(id, front);
  }
  return kept;
}

/** Turns the parts of some people round, in place. */
export function turn(part: Uint8Array, bodies: Uint16Array, whose: ReadonlySet<number>): void {
  if (whose.size > 0) for (let i = 0; i < part.length; i++) if (whose.has(bodies[i])) part[i] = TURNED_PARTS[part[i]];
}
