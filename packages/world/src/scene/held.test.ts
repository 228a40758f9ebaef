import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { createProceduralLibrary } from '../procedural/library.js';
import { SceneBuilder } from './builder.js';
import { heldDrawable } from './held.js';
import { pacing } from './motion.js';
import { standing } from './pose.js';

/** People who hold something: their actor, path and thing. */
function holders(activity: 'carry' | 'gesture' | 'sit', count: number): SceneBuilder['people'] {
  const b = new SceneBuilder(new Rng(11), createProceduralLibrary());
  for (let i = 0; i < count; i++) b.person(activity, (speed) => pacing(3, 1, 0, 0.7, Math.max(0.5, speed), 50));
  return b.people.filter((person) => person.held);
}

describe('held things', () => {
  it('are within reach of the hands that hold them, now and before', () => {
    const people = holders('carry', 8);
    expect(people.length).toBeGreaterThan(3);
    for (const { actor, path, held } of people) {
      const t = 1.2, before = 1.1;
      const now = path.at(t), then = path.at(before);
      const joints = actor.pose(t, now, before, then).keypoints, jointsBefore = actor.pose(before, then, before, then).keypoints;
      const drawable = heldDrawable(held!, joints, now, jointsBefore, then);
      const wrists = held!.grip.hands === 'both' ? [9, 10] : held!.grip.hands === 'left' ? [9] : [10];
      const [x, y, z] = [0, 1, 2].map((k) => wrists.reduce((sum, w) => sum + joints[w][k], 0) / wrists.length);
      const m = drawable.transform;
      const middle = m[11] + held!.size[2] / 2;
      expect(Math.hypot(m[3] - x, m[7] - y)).toBeLessThan(0.15 + held!.size[0] / 2);
      expect(Math.abs(middle - z)).toBeLessThan(0.15 + held!.size[2] / 2);
      // It came along: between the frames it moved about as far as the body.
      const moved = Math.hypot(m[3] - drawable.previousTransform[3], m[7] - drawable.previousTransform[7]);
      expect(Math.abs(moved - Math.hypot(now[3] - then[3], now[7] - then[7]))).toBeLessThan(0.12);
    }
  });

  it('have instances of their own and turn with the body', () => {
    const people = holders('gesture', 14);
    expect(people.length).toBeGreaterThan(0);
    const ids = people.flatMap(({ actor, held }) => [actor.instanceId, held!.instanceId]);
    expect(new Set(ids).size).toBe(ids.length);
    const { actor, held } = people[0];
    const yaw = (turn: number): number => {
      const at = standing(0, 0, 0, turn);
      const { keypoints } = actor.pose(0, at, 0, at);
      const { transform } = heldDrawable(held!, keypoints, at, keypoints, at);
      return Math.atan2(transform[4], transform[0]);
    };
    expect(yaw(1) - yaw(0)).toBeCloseTo(1, 6);
  });
});
