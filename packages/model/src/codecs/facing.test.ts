import { describe, expect, it } from '@jest/globals';
import type { Keypoint } from '@sextant/core';
import { MIRRORED_JOINTS, frontOf, onTheirSides } from './facing.js';

const [W, H] = [16, 12];
const LOST: Keypoint = { x: 0, y: 0, score: 0 };
const at = (place?: readonly [number, number]): Keypoint => (place ? { x: place[0], y: place[1], score: 0.9 } : LOST);
/** A torso, and a left wrist, of somebody whose left shoulder is at x = `left`; hips below them if asked for. */
const person = (left: number, right: number, hips = true): Keypoint[] => {
  const places: Record<number, [number, number] | undefined> = { 5: [left, 2], 6: [right, 2], 9: [left, 6], ...(hips && { 11: [left, 8], 12: [right, 8] }) };
  return Array.from({ length: 17 }, (_, joint) => at(places[joint]));
};
/** Logits on a torso from 5 to 10, the other way beside it. */
const seen = (logit: number) => ({ logits: Float32Array.from({ length: W * H }, (_, i) => (i % W >= 5 && i % W <= 10 && i >= 2 * W && i < 9 * W ? logit : -logit)), w: W, h: H });
const NOBODY = Array.from({ length: 17 }, () => LOST);

describe('frontOf', () => {
  it('looks at the torso alone, with hips and without, whichever way round', () => {
    for (const joints of [person(10, 5), person(5, 10), person(10, 5, false)]) expect(frontOf(joints, seen(2), 0.5, 0.1)).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  it('asks the head first: three cells each way around the middle of the face\'s joints', () => {
    const joints = person(10, 5).map((joint, j) => (j < 3 ? { x: 12 + j, y: 1, score: 0.5 } : joint));
    expect(frontOf(joints, seen(2), 0.5, 0.1)).toBeCloseTo(1 / (1 + Math.exp(2)), 6);
    expect(frontOf(joints, seen(2), 0.5, 0.6)).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(frontOf(joints.map((joint, j) => (j < 3 ? joint : LOST)), seen(2), 0.5, 0.1)).toBeCloseTo(1 / (1 + Math.exp(2)), 6);
  });

  it('is a half at the threshold', () => {
    expect(frontOf(person(10, 5), seen(-1), 1 / (1 + Math.E), 0.1)).toBeCloseTo(0.5, 6);
    expect(frontOf(person(10, 5), seen(-1), 0.2, 0.1)).toBeGreaterThan(0.5);
    expect(frontOf(person(10, 5), seen(-1), 0.3, 0.1)).toBeLessThan(0.5);
  });

  it('says nothing without face and shoulders, and keeps to the map at the edges of the picture', () => {
    const faint = person(10, 5).map((joint, j) => (j === 6 ? { ...joint, score: 0.05 } : joint));
    for (const joints of [faint, NOBODY]) expect(frontOf(joints, seen(-3), 0.5, 0.1)).toBeUndefined();
    expect(frontOf(NOBODY, seen(-3), 0.5, 0)).toBeUndefined();
    expect(frontOf(person(W + 3, -4), { logits: new Float32Array(W * H).fill(-2), w: W, h: H }, 0.5, 0.1)).toBeCloseTo(1 / (1 + Math.exp(2)), 6);
  });
});

describe('onTheirSides', () => {
  const sides = (keypoints: readonly Keypoint[], front: number): number[] => {
    const joints = onTheirSides({ keypoints, front });
    return [joints[5].x, joints[6].x, joints[9].x, joints[10].score];
  };

  it('exchanges the joints of somebody who is seen from the other side', () => {
    expect(sides(person(10, 5), 0.1)).toEqual([5, 10, 0, 0.9]);
    expect(sides(person(5, 10), 0.9)).toEqual([10, 5, 0, 0.9]);
    expect(sides(person(10, 5, false), 0.1)).toEqual([5, 10, 0, 0.9]);
  });

  it('leaves joints that agree, profiles, and those of whom nothing is known', () => {
    for (const [keypoints, front] of [[person(10, 5), 0.9], [person(5, 10), 0.1], [person(7.4, 7), 0.1], [NOBODY, 0.1]] as const) expect(onTheirSides({ keypoints, front })).toBe(keypoints);
    const keypoints = person(10, 5);
    expect(onTheirSides({ keypoints })).toBe(keypoints);
    expect(onTheirSides({ keypoints, front: 0.1 }, 0.95)).toBe(keypoints);
  });

  it('exchanges twice to what was before', () => {
    expect(MIRRORED_JOINTS.map((j) => MIRRORED_JOINTS[j])).toEqual(MIRRORED_JOINTS.map((_, j) => j));
  });
});
