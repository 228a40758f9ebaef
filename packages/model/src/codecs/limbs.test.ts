import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Keypoint, Skeletons } from '@sextant/core';
import { statureOf } from './limbs.js';
import { decodeSkeletonStream, encodeSkeletonStream } from './streams.js';

interface Fixture {
  readonly width: number;
  readonly height: number;
  readonly people: readonly (readonly (readonly [number, number, number])[])[];
  readonly what: readonly string[];
  readonly whose: readonly string[];
}

// Drawn by training itself: `python stream_fixture.py` in training/ says how to read it.
const fixture = JSON.parse(readFileSync(new URL('limbs.fixture.json', import.meta.url), 'utf8')) as Fixture;
const { width, height } = fixture;
const LIMBS = '0123456789ABCDEFGHIJKLMNOPQRSTUVW';

const skeletons = (people: Fixture['people']): Skeletons => ({
  width, height,
  people: people.map((joints, p) => ({ id: p + 1, score: 1, box: [0, 0, 1, 1] as const, keypoints: joints.map(([x, y, score]): Keypoint => ({ x, y, score })) })),
});

describe('limbs', () => {
  it('are drawn as the network learned to see them', () => {
    const { data } = encodeSkeletonStream(skeletons(fixture.people), { drawing: 'limbs' });
    const n = width * height;
    const rows = (char: (i: number) => string): string[] => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => char(y * width + x)).join(''));
    expect(rows((i) => {
      const joint = ((data[i] + 1) / 2) * 16;
      return data[2 * n + i] === -1 ? '.' : data[2 * n + i] === 1 ? String.fromCharCode(97 + Math.round(joint)) : LIMBS[Math.round(2 * joint)];
    })).toEqual(fixture.what);
    expect(rows((i) => String(Math.round(((data[n + i] + 1) / 2) * 15)))).toEqual(fixture.whose);
  });

  it('leave the joints to be found again', () => {
    const { people } = decodeSkeletonStream(encodeSkeletonStream(skeletons([fixture.people[0]]), { drawing: 'limbs' }));
    expect(people).toHaveLength(1);
    const [hip, trueHip] = [people[0].keypoints[11], fixture.people[0][11]];
    expect(Math.hypot(hip.x - trueHip[0], hip.y - trueHip[1])).toBeLessThan(1);
    expect(people[0].keypoints[9].score).toBe(0);
  });

  it('are as wide as the person is tall, whatever one wrong joint says', () => {
    const [joints] = skeletons([fixture.people[0]]).people.map(({ keypoints }) => keypoints);
    expect(statureOf(joints)).toBeGreaterThan(40);
    expect(statureOf(joints)).toBeLessThan(52);
    const wrong = joints.map((joint, j) => (j === 16 ? { ...joint, x: joint.x + 400 } : joint));
    expect(statureOf(wrong)).toBeLessThan(60);
    expect(statureOf(joints.map((joint) => ({ ...joint, score: 0 })))).toBe(0);
  });

  it('of somebody far away are lines still, and of nobody nothing', () => {
    const far = fixture.people[1].map(([x, y, score]) => [20 + (x - 20) / 8, 20 + (y - 20) / 8, score] as const);
    const drawn = (people: Fixture['people']): number => encodeSkeletonStream(skeletons(people), { drawing: 'limbs' }).data.subarray(2 * width * height).reduce((sum, v) => sum + (v > -1 ? 1 : 0), 0);
    expect(drawn([far])).toBeGreaterThan(8);
    expect(drawn([fixture.people[0].map(([x, y]) => [x, y, 0] as const)])).toBe(0);
  });
});
