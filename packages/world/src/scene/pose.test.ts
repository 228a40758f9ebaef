import { describe, expect, it } from '@jest/globals';
import { direction, opticalPose, standing, tipped } from './pose.js';

const apply = (m: Float64Array, p: readonly number[]): number[] => [0, 4, 8].map((r) => m[r] * p[0] + m[r + 1] * p[1] + m[r + 2] * p[2] + m[r + 3]);
const near = (a: readonly number[], b: readonly number[]): void => a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 10));

describe('poses', () => {
  it('stands facing its yaw', () => near(apply(standing(1, 2, 3, Math.PI / 2), [1, 0, 0]), [1, 3, 3]));

  it('tips the front down', () => near(apply(tipped(0, 0, 0, 0, Math.PI / 2, 0), [1, 0, 0]), [0, 0, -1]));

  it('looks along the direction to a point', () => {
    const eye = [1, -2, 1.5] as const, target = [4, 2, 0.5] as const;
    const { yaw, pitch } = direction(eye, target);
    const distance = Math.hypot(3, 4, -1);
    near(apply(opticalPose(eye, yaw, pitch, 0.3), [0, 0, distance]), target);
  });

  it('has x to the right and y down (REP-103 optical frame)', () => {
    const pose = opticalPose([0, 0, 0], 0, 0, 0);
    near(apply(pose, [1, 0, 0]), [0, -1, 0]);
    near(apply(pose, [0, 1, 0]), [0, 0, -1]);
  });
});
