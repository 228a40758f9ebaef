import { expect, it } from '@jest/globals';
import { affinity, type Expected } from './affinity.js';
import type { Observation } from './observe.js';

/** A person in a box of 10 x 20 with its nose, of the given score, at x, y. */
function person(score: number, x: number, y: number): Observation {
  const joints = new Float32Array(51);
  joints.set([x, y, score]);
  return { label: -1, box: [0, 0, 10, 20], area: 0, joints };
}

it('joints speak for a person only where they are more than a guess', () => {
  const track: Expected = { ...person(0.9, 5, 2), joints: person(0.9, 5, 2).joints, dx: 0, dy: 0, side: 14, lost: false };
  const there = affinity(track, person(0.3, 5, 2), 0);
  const elsewhere = affinity(track, person(0.3, 5, 18), 0);
  expect(there).toBe(1);
  expect(elsewhere).toBeLessThan(0.6);
  expect(affinity(track, person(0.29, 5, 18), 0)).toBe(1); // the box alone
});
