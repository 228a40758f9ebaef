import type { Keypoint } from '@sextant/core';
import { finiteLogit, logitAt, type LogitMap } from './peaks.js';

/** COCO's pairs, left and right: eyes, ears, shoulders, elbows, wrists, hips, knees, ankles. */
export const PAIRS: readonly (readonly [number, number])[] = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14], [15, 16]];

/** Pairs, by their places in `PAIRS`, that turn together: head, torso. The others may be crossed each by itself. */
const TOGETHER: readonly (readonly number[])[] = [[0, 1], [2, 5], [3], [4], [6], [7]];

/**
 * Joints under their names, of joints whose pairs come in the picture's order: in the left one's place the one further right. Where a person's sides
 * are unsure, maps of left and of right joints would both have two peaks; which of two shoulders is further right is nearly always to be seen
 * (training/sextant_nano/sides.py). A pair's own logit is the mean of `sides` at its two joints (eyes and ears have the mean of both, shoulders and hips
 * too: they turn together), and the whole body's is added: `frontWeight` times the log odds of `front`. Below 0 the two exchange places.
 * @param front how surely the person is seen from the front, 0..1; undefined where nothing is known
 */
export function underTheirNames(keypoints: readonly Keypoint[], sides: LogitMap, front: number | undefined, frontWeight: number): readonly Keypoint[] {
  const whole = front === undefined ? 0 : frontWeight * finiteLogit(front);
  const named = [...keypoints];
  for (const group of TOGETHER) {
    const told = group.flatMap((pair) => PAIRS[pair].filter((joint) => keypoints[joint].score > 0).map((joint) => logitAt(sides, keypoints[joint], pair)));
    if (told.length === 0 || told.reduce((sum, value) => sum + value, 0) / told.length + whole >= 0) continue;
    for (const [left, right] of group.map((pair) => PAIRS[pair])) [named[left], named[right]] = [keypoints[right], keypoints[left]];
  }
  return named;
}
