import { describe, expect, it } from '@jest/globals';
import type { Keypoint } from '@sextant/core';
import { PAIRS, underTheirNames } from './sides.js';

const [W, H] = [20, 8];
const LOST: Keypoint = { x: 0, y: 0, score: 0 };
/** The nose, and eight pairs one below the other: the first joint of each at x = 12, the second at x = 4. */
const ORDERED: Keypoint[] = Array.from({ length: 17 }, (_, joint) => ({ x: joint === 0 ? 8 : joint % 2 === 1 ? 12.2 : 3.8, y: Math.floor((joint - 1) / 2), score: 0.9 }));
/** Logits of each pair at its two joints, far off elsewhere. */
const told = (at: readonly (readonly [number, number])[]) => {
  const logits = new Float32Array(8 * W * H).fill(-50);
  at.forEach(([first, second], pair) => {
    logits[(pair * H + pair) * W + 12] = first;
    logits[(pair * H + pair) * W + 4] = second;
  });
  return { logits, w: W, h: H };
};
const all = (value: number) => told(PAIRS.map(() => [value, value]));
const exchanged = (joints: readonly Keypoint[]): boolean[] => PAIRS.map(([left]) => joints[left].x < 10);

describe('underTheirNames', () => {
  it('asks each pair at its own joints and leaves the nose', () => {
    const crossed = [true, true, false, true, false, false, true, false];
    const joints = underTheirNames(ORDERED, told(crossed.map((yes) => (yes ? [-3, 1] : [3, -1]))), undefined, 1);
    expect(exchanged(joints)).toEqual(crossed);
    expect(joints[0]).toBe(ORDERED[0]);
    expect(joints[2]).toBe(ORDERED[1]);
    expect(joints[1]).toBe(ORDERED[2]);
  });

  it('turns eyes and ears together, and shoulders and hips: a torso is not crossed', () => {
    const joints = underTheirNames(ORDERED, told([[1, 1], [-2, -2], [3, 3], [-1, -1], [1, 1], [-2, -2], [-1, -1], [1, 1]]), undefined, 1);
    expect(exchanged(joints)).toEqual([true, true, false, true, false, false, true, false]);
  });

  it('adds what the whole body says, by its weight', () => {
    const behind = 1 / (1 + Math.exp(2));
    expect(exchanged(underTheirNames(ORDERED, all(1), behind, 1))).toEqual(PAIRS.map(() => true));
    expect(exchanged(underTheirNames(ORDERED, all(1), behind, 0.4))).toEqual(PAIRS.map(() => false));
    expect(exchanged(underTheirNames(ORDERED, all(-1), 1 - behind, 1))).toEqual(PAIRS.map(() => false));
    expect(exchanged(underTheirNames(ORDERED, all(3), 0, 1))).toEqual(PAIRS.map(() => true));
    expect(exchanged(underTheirNames(ORDERED, all(-3), 1, 1))).toEqual(PAIRS.map(() => false));
  });

  it('asks the one joint that is known, and nobody where there is none', () => {
    const sides = told(PAIRS.map(() => [3, -4]));
    const without = (lost: number): readonly Keypoint[] => underTheirNames(ORDERED.map((joint, j) => (j > 0 && j % 2 === lost ? LOST : joint)), sides, undefined, 1);
    expect(exchanged(without(0))).toEqual(PAIRS.map(() => false));
    expect(without(1).filter((joint, j) => j > 0 && j % 2 === 1 && joint.score > 0)).toHaveLength(8);
    expect(underTheirNames(ORDERED.map(() => LOST), sides, 0, 1).every((joint) => joint === LOST)).toBe(true);
  });

  it('keeps to the map at the edges of the picture', () => {
    const joints = ORDERED.map((joint, j) => (j === 15 ? { ...joint, x: W + 3, y: H + 2 } : j === 16 ? LOST : joint));
    const { logits } = all(1);
    logits[logits.length - 1] = -1;
    expect(underTheirNames(joints, { logits, w: W, h: H }, undefined, 1)[16]).toBe(joints[15]);
  });
});
