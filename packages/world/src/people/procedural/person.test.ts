import { describe, expect, it } from '@jest/globals';
import { identity } from '../../math/mat4.js';
import { Rng } from '../../math/rng.js';
import type { Activity } from '../../scene/library.js';
import { distance, partSides, partsUsed } from '../testing.js';
import { createProceduralPerson } from './person.js';

const PLACE = identity();
const ACTIVITIES: readonly Activity[] = ['stand', 'walk', 'run', 'sit', 'gesture', 'carry', 'any'];
const [SHOULDER_L, ELBOW_L, WRIST_L, HIP_L, KNEE_L, ANKLE_L] = [5, 7, 9, 11, 13, 15];

describe('createProceduralPerson', () => {
  it.each(ACTIVITIES)('keeps limb lengths over time (%s)', (activity) => {
    for (let seed = 0; seed < 4; seed++) {
      const person = createProceduralPerson(new Rng(seed), 1, activity);
      const first = person.pose(0, PLACE, 0, PLACE).keypoints;
      expect(first).toHaveLength(17);
      for (const time of [0.13, 0.41, 0.97, 7.7]) {
        const now = person.pose(time, PLACE, time, PLACE).keypoints;
        for (const side of [0, 1]) {
          for (const [a, b] of [[SHOULDER_L, ELBOW_L], [ELBOW_L, WRIST_L], [HIP_L, KNEE_L], [KNEE_L, ANKLE_L]] as const) {
            expect(distance(now[a + side], now[b + side])).toBeCloseTo(distance(first[a + side], first[b + side]), 5);
          }
        }
      }
    }
  });

  it('faces +x with its left at +y', () => {
    for (const activity of ACTIVITIES) {
      const { keypoints } = createProceduralPerson(new Rng(3), 1, activity).pose(0.2, PLACE, 0.2, PLACE);
      for (const left of [SHOULDER_L, HIP_L]) expect(keypoints[left][1]).toBeGreaterThan(keypoints[left + 1][1]);
      const ears = (keypoints[3][0] + keypoints[4][0]) / 2;
      expect(keypoints[0][0]).toBeGreaterThan(ears + 0.05);
    }
  });

  it('stands on the ground in every frame of a walk, and its standing foot stays where it is', () => {
    for (let seed = 0; seed < 5; seed++) {
      const person = createProceduralPerson(new Rng(seed), 1, 'walk');
      expect(person.speed).toBeGreaterThan(0.5);
      expect(person.speed).toBeLessThan(2);
      const slips: number[] = [];
      let before: Float32Array | undefined;
      for (let i = 0; i < 40; i++) {
        const now = person.pose(i / 30, PLACE, i / 30, PLACE).drawables[0].positions!;
        let lowest = 0;
        for (let v = 1; v < now.length / 3; v++) if (now[3 * v + 2] < now[3 * lowest + 2]) lowest = v;
        expect(Math.abs(now[3 * lowest + 2])).toBeLessThan(0.03);
        if (before) slips.push(Math.abs(now[3 * lowest] - before[3 * lowest] + person.speed / 30));
        before = now;
      }
      slips.sort((a, b) => a - b);
      expect(slips[slips.length >> 1]).toBeLessThan(0.02);
    }
  });

  it('carries all 24 DensePose parts, left ones on the left', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { geometry } = createProceduralPerson(new Rng(seed), 1, 'stand').pose(0, PLACE, 0, PLACE).drawables[0];
      expect(partsUsed(geometry)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
      expect(partSides(geometry)).toEqual([]);
      expect(geometry.partUvs!.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('has outward normals and whole geometry arrays', () => {
    const { geometry } = createProceduralPerson(new Rng(5), 1, 'stand').pose(0, PLACE, 0, PLACE).drawables[0];
    const triangles = geometry.indices.length / 3;
    expect(triangles).toBeGreaterThan(1500);
    expect(triangles).toBeLessThan(3500);
    expect(geometry.parts).toHaveLength(triangles);
    expect(geometry.partUvs).toHaveLength(6 * triangles);
    expect(geometry.groups.reduce((sum, { count }) => sum + count, 0)).toBe(geometry.indices.length);
    // The chest faces forward, the back backward.
    const { positions: p, normals: n, indices, parts } = geometry;
    for (let t = 0; t < triangles; t++) {
      const v = indices[3 * t];
      if (parts![t] === 2 && p[3 * v] > 0.07) expect(n[3 * v]).toBeGreaterThan(0);
      if (parts![t] === 1 && p[3 * v] < -0.07) expect(n[3 * v]).toBeLessThan(0);
    }
  });

  it('sits with level thighs at the height of its seat', () => {
    for (let seed = 0; seed < 5; seed++) {
      const person = createProceduralPerson(new Rng(seed), 1, 'sit');
      const { keypoints } = person.pose(0, PLACE, 0, PLACE);
      expect(person.seatHeight).toBeGreaterThan(0.2);
      expect(person.seatHeight).toBeLessThan(0.6);
      expect(Math.abs(keypoints[HIP_L][2] - keypoints[KNEE_L][2])).toBeLessThan(0.15);
      expect(keypoints[HIP_L][2]).toBeGreaterThan(person.seatHeight!);
      expect(keypoints[KNEE_L][0] - keypoints[HIP_L][0]).toBeGreaterThan(0.2);
    }
  });

  it('is the same, byte for byte, for the same seed, whatever was asked in between', () => {
    const run = (between: number): Buffer => {
      const person = createProceduralPerson(new Rng(11), 1, 'walk');
      person.pose(between, PLACE, between - 0.1, PLACE);
      return Buffer.from(person.pose(1.3, PLACE, 1.2, PLACE).drawables[0].positions!.buffer);
    };
    expect(run(0.2).equals(run(5))).toBe(true);
  });

  it('gives the previous pose as the previous positions', () => {
    const person = createProceduralPerson(new Rng(2), 7, 'run');
    const before = person.pose(0.5, PLACE, 0.4, PLACE).drawables[0].positions;
    const now = person.pose(0.6, PLACE, 0.5, PLACE).drawables[0];
    expect(now.previousPositions).toEqual(before);
    expect(now.instanceId).toBe(7);
  });
});
