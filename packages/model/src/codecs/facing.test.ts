import { describe, expect, it } from '@jest/globals';
import type { Keypoint } from '@sextant/core';
import { MIRRORED_JOINTS, onTheirSides } from './facing.js';

const [W, H] = [16, 12];
const LOST: Keypoint = { x: 0, y: 0, score: 0 };
/** A torso, and a left wrist, of somebody whose left shoulder is at x = `left`; hips below them if asked for. */
const person = (left: number, right: number, hips = true): Keypoint[] => {
  const places: Record<number, [number, number]> = { 5: [left, 2], 6: [right, 2], 9: [left, 6], ...(hips && { 11: [left, 8], 12: [right, 8] }) };
  return Array.from({ length: 17 }, (_, joint) => (places[joint] ? { x: places[joint][0], y: places[joint][1], score: 0.9 } : LOST));
};
/** Logits on a torso from 5 to 10, the other way beside it. */
const seen = (logit: number): Float32Array => Float32Array.from({ length: W * H }, (_, i) => (i % W >= 5 && i % W <= 10 && i >= 2 * W && i < 9 * W ? logit : -logit));
const sides = (joints: readonly Keypoint[]): number[] => [joints[5].x, joints[6].x, joints[9].x, joints[10].score];

describe('onTheirSides', () => {
  it('exchanges the joints of somebody whose torso is seen from the other side', () => {
    expect(sides(onTheirSides(person(10, 5), seen(-3), W, H, 0.5, 0.1))).toEqual([5, 10, 0, 0.9]);
    expect(sides(onTheirSides(person(5, 10), seen(3), W, H, 0.5, 0.1))).toEqual([10, 5, 0, 0.9]);
    expect(sides(onTheirSides(person(10, 5, false), seen(-3), W, H, 0.5, 0.1))).toEqual([5, 10, 0, 0.9]);
  });

  it('leaves joints that agree as they are', () => {
    for (const [joints, logit] of [[person(10, 5), 3], [person(5, 10), -3], [person(10, 5, false), 3]] as const) expect(onTheirSides(joints, seen(logit), W, H, 0.5, 0.1)).toBe(joints);
  });

  it('takes the threshold as a probability', () => {
    expect(sides(onTheirSides(person(10, 5), seen(-1), W, H, 0.2, 0.1))[0]).toBe(10);
    expect(sides(onTheirSides(person(10, 5), seen(-1), W, H, 0.3, 0.1))[0]).toBe(5);
  });

  it('says nothing of profiles, nor without shoulders', () => {
    const faint = person(10, 5).map((joint, j) => (j === 6 ? { ...joint, score: 0.05 } : joint));
    for (const joints of [person(7.4, 7), faint, Array.from({ length: 17 }, () => LOST)]) expect(onTheirSides(joints, seen(-3), W, H, 0.5, 0.1)).toBe(joints);
  });

  it('keeps to the map at the edges of the picture', () => {
    expect(sides(onTheirSides(person(W + 3, -4), new Float32Array(W * H).fill(-2), W, H, 0.5, 0.1))[0]).toBe(-4);
  });

  it('exchanges twice to what was before', () => {
    expect(MIRRORED_JOINTS.map((j) => MIRRORED_JOINTS[j])).toEqual(MIRRORED_JOINTS.map((_, j) => j));
  });
});
