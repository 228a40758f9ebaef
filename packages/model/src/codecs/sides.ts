import type { Keypoint } from '@sextant/core';
import type { Place } from './peaks.js';

/** COCO's pairs, left and right: eyes, ears, shoulders, elbows, wrists, hips, knees, ankles. */
export const PAIRS: readonly (readonly [number, number])[] = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14], [15, 16]];

/** Pairs, by their places in `PAIRS`, that turn together: head, torso. The others may be crossed each by itself. */
const TOGETHER: readonly (readonly number[])[] = [[0, 1], [2, 5], [3], [4], [6], [7]];

/** Where a model says which joint of a pair is which: float32 [8*h*w] logits that the left one is the one further right, on the joints' grid. */
export interface SidesMap {
  readonly logits: Float32Array;
  readonly w: number;
  readonly h: number;
}

/**
 * Joints under their names, of joints whose pairs come in the picture's order: in the left one's place the one further right. Where a person's sides
 * are unsure, maps of left and of right joints would both have two peaks; which of two shoulders is further right is nearly always to be seen
 * (training/sextant_nano/sides.py). A pair's own logit is the mean of `sides` at its two joints (eyes and ears have the mean of both, shoulders and hips
 * too: they turn together), and the whole body's is added: `frontWeight` times the log odds of `front`. Below 0 the two exchange places.
 * @param front how surely the person is seen from the front, 0..1; undefined where nothing is known
 */
export function underTheirNames(keypoints: readonly Keypoint[], { logits, w, h }: SidesMap, front: number | undefined, frontWeight: number): readonly Keypoint[] {
  const whole = front === undefined ? 0 : frontWeight * Math.log(Math.max(LEAST, front) / Math.max(LEAST, 1 - front));
  const at = (pair: number, { x, y }: Place): number => logits[(pair * h + within(y, h)) * w + within(x, w)];
  const named = [...keypoints];
  for (const group of TOGETHER) {
    const told = group.flatMap((pair) => PAIRS[pair].filter((joint) => keypoints[joint].score > 0).map((joint) => at(pair, keypoints[joint])));
    if (told.length === 0 || told.reduce((sum, value) => sum + value, 0) / told.length + whole >= 0) continue;
    for (const [left, right] of group.map((pair) => PAIRS[pair])) [named[left], named[right]] = [keypoints[right], keypoints[left]];
  }
  return named;
}

/** The surest that a probability is held to be. */
const LEAST = 1e-6;

const within = (value: number, most: number): number => Math.max(0, Math.min(most - 1, Math.round(value)));
