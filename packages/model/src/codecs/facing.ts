import type { Keypoint, Person } from '@sextant/core';
import { sigmoid } from '../runtime/tensor.js';
import { logit } from './peaks.js';

/** COCO's joints after left and right changed places. */
export const MIRRORED_JOINTS: readonly number[] = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];

const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = [5, 6, 11, 12];
/** Shoulders that are narrower than this part of the torso are a profile's: which side is seen says nothing about them. */
const LEAST_WIDTH = 0.2;
/** Torsos are looked at in this many places each way. */
const PLACES = 5;
/** How far down the torso reaches where no hip is known, as a part of the shoulders' width. */
const TORSO = 1.2;

/** Where a model says which side of bodies is seen: float32 [h*w] logits that it is the front, on the joints' grid. */
export interface FrontMap {
  readonly logits: Float32Array;
  readonly w: number;
  readonly h: number;
}

/**
 * How surely somebody is seen from the front, 0..1: by the mean of the logits over the torso, 0.5 where its probability is `frontThreshold`.
 * Undefined where a shoulder's score is below `jointThreshold`.
 */
export function frontOf(keypoints: readonly Keypoint[], { logits, w, h }: FrontMap, frontThreshold: number, jointThreshold: number): number | undefined {
  const torso = torsoOf(keypoints, jointThreshold);
  if (torso === undefined) return undefined;
  const [topLeft, topRight, bottomLeft, bottomRight] = torso.corners;
  let sum = 0;
  for (let row = 0; row < PLACES; row++) {
    for (let column = 0; column < PLACES; column++) {
      const [down, across] = [(row + 0.5) / PLACES, (column + 0.5) / PLACES];
      const at = (axis: 'x' | 'y', most: number): number => {
        const [upper, lower] = [topLeft[axis] + across * (topRight[axis] - topLeft[axis]), bottomLeft[axis] + across * (bottomRight[axis] - bottomLeft[axis])];
        return Math.max(0, Math.min(most - 1, Math.round(upper + down * (lower - upper))));
      };
      sum += logits[at('y', h) * w + at('x', w)];
    }
  }
  return sigmoid(sum / PLACES ** 2 - logit(frontThreshold));
}

/**
 * Left and right joints of somebody seen from behind lie where right and left ones of somebody seen from the front do, and heat maps answer with
 * the commoner of the two. Where `front` denies what the joints say of the torso, they change sides; profiles stay as they are.
 * @returns the same joints where nothing is to be changed
 */
export function onTheirSides({ keypoints, front }: Pick<Person, 'keypoints' | 'front'>, jointThreshold = 0): readonly Keypoint[] {
  const torso = front === undefined ? undefined : torsoOf(keypoints, jointThreshold);
  if (front === undefined || torso === undefined || Math.abs(torso.side) < LEAST_WIDTH) return keypoints;
  return front >= 0.5 === torso.side > 0 ? keypoints : MIRRORED_JOINTS.map((joint) => keypoints[joint]);
}

type Corner = Pick<Keypoint, 'x' | 'y'>;

/** Shoulders, then hips (left, right), and the shoulders' width over the torso's length, above 0 where the joints show its front. Undefined without shoulders. */
function torsoOf(keypoints: readonly Keypoint[], least: number): { readonly side: number; readonly corners: readonly Corner[] } | undefined {
  const [left, right, leftHip, rightHip] = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP].map((joint) => keypoints[joint]);
  const known = ({ score }: Keypoint): boolean => score > 0 && score >= least;
  if (!known(left) || !known(right)) return undefined;
  const width = { x: left.x - right.x, y: left.y - right.y };
  const across = Math.hypot(width.x, width.y);
  const hips = known(leftHip) && known(rightHip);
  const down = hips ? { x: (leftHip.x + rightHip.x - left.x - right.x) / 2, y: (leftHip.y + rightHip.y - left.y - right.y) / 2 } : { x: 0, y: TORSO * across };
  const length = Math.max(1e-6, Math.hypot(down.x, down.y));
  const side = (width.x * down.y - width.y * down.x) / (length * Math.max(length, across));
  const below = (corner: Corner): Corner => ({ x: corner.x + down.x, y: corner.y + down.y });
  return { side, corners: [left, right, ...(hips ? [leftHip, rightHip] : [below(left), below(right)])] };
}
