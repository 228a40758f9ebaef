import type { Perception, Person } from '@sextant/core';
import type { IdsList, NormalizedRegionOfInterest2D, Skeleton2D } from '../messages/types.js';
import { headerOf } from './header.js';

/** COCO joints of OpenPose's 18 points (hri_msgs/Skeleton2D), -1 for the neck, which COCO has not. */
const COCO_OF_OPENPOSE = [0, -1, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 1, 2, 3, 4] as const;
const [LEFT_SHOULDER, RIGHT_SHOULDER] = [5, 6];

/** A person's id as REP-155 writes it; the same number as in the instances and the DensePose map. */
export function bodyId({ id }: Person): string {
  return `b${String(id).padStart(5, '0')}`;
}

/** The people that have an id. */
export function bodies({ skeleton }: Perception): readonly Person[] {
  return skeleton?.people.filter(({ id }) => id > 0) ?? [];
}

/** `/humans/bodies/tracked` (REP-155): the bodies seen in this frame. */
export function trackedBodies(perception: Perception): IdsList | undefined {
  return perception.skeleton && { header: headerOf(perception.frame), ids: bodies(perception).map(bodyId) };
}

/** `/humans/bodies/<id>/skeleton2d` (REP-155). The neck is the middle of the shoulders. */
export function skeleton2d({ frame, skeleton }: Perception, { keypoints }: Person): Skeleton2D | undefined {
  if (skeleton === undefined) return undefined;
  const { width, height } = skeleton;
  const point = (joint: number): { x: number; y: number; c: number } => {
    const { x, y, score } = keypoints[joint];
    return score > 0 ? { x: clamp((x + 0.5) / width), y: clamp((y + 0.5) / height), c: score } : { x: 0, y: 0, c: 0 };
  };
  const [left, right] = [point(LEFT_SHOULDER), point(RIGHT_SHOULDER)];
  const c = Math.min(left.c, right.c);
  const neck = c > 0 ? { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2, c } : { x: 0, y: 0, c: 0 };
  return { header: headerOf(frame), skeleton: COCO_OF_OPENPOSE.map((joint) => (joint < 0 ? neck : point(joint))) };
}

/** `/humans/bodies/<id>/roi` (REP-155). */
export function bodyRegion({ frame, skeleton }: Perception, { box: [x, y, w, h], score }: Person): NormalizedRegionOfInterest2D | undefined {
  if (skeleton === undefined) return undefined;
  const { width, height } = skeleton;
  return {
    header: headerOf(frame), xmin: clamp(x / width), ymin: clamp(y / height), xmax: clamp((x + w) / width), ymax: clamp((y + h) / height), c: score,
  };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
