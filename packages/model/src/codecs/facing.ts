import type { Keypoint } from '@sextant/core';
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

/**
 * Left and right joints of somebody seen from behind lie where right and left ones of somebody seen from the front do, and heat maps answer with
 * the commoner of the two. A map of which side is seen knows better: where it says of a torso what its joints deny, they change sides.
 *
 * @param front float32 [h*w]: logit that a body is seen from the front, on the joints' grid
 * @param frontThreshold probability, mean over the torso (of logits), from which somebody is seen from the front
 * @param jointThreshold score below which a joint says nothing
 * @returns the same joints where nothing is to be changed, or nothing can be said
 */
export function onTheirSides(keypoints: readonly Keypoint[], front: Float32Array, w: number, h: number, frontThreshold: number, jointThreshold: number): readonly Keypoint[] {
  const torso = torsoOf(keypoints, jointThreshold);
  if (torso === undefined) return keypoints;
  const { side, corners } = torso;
  let sum = 0;
  for (let row = 0; row < PLACES; row++) {
    for (let column = 0; column < PLACES; column++) {
      const [down, across] = [(row + 0.5) / PLACES, (column + 0.5) / PLACES];
      const at = (axis: 'x' | 'y', most: number): number => {
        const [upper, lower] = [corners[0][axis] + across * (corners[1][axis] - corners[0][axis]), corners[2][axis] + across * (corners[3][axis] - corners[2][axis])];
        return Math.max(0, Math.min(most - 1, Math.round(upper + down * (lower - upper))));
      };
      sum += front[at('y', h) * w + at('x', w)];
    }
  }
  const seenFromFront = sum / PLACES ** 2 >= logit(frontThreshold);
  return seenFromFront === side > 0 ? keypoints : MIRRORED_JOINTS.map((joint) => keypoints[joint]);
}

type Corner = Pick<Keypoint, 'x' | 'y'>;

/** Shoulders, then hips (left, right), and which side of the torso the joints show: above 0 the front. Undefined for profiles and without shoulders. */
function torsoOf(keypoints: readonly Keypoint[], least: number): { readonly side: number; readonly corners: readonly Corner[] } | undefined {
  const [left, right, leftHip, rightHip] = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP].map((joint) => keypoints[joint]);
  if (left.score < least || right.score < least) return undefined;
  const width = { x: left.x - right.x, y: left.y - right.y };
  const across = Math.hypot(width.x, width.y);
  const hips = leftHip.score >= least && rightHip.score >= least;
  const down = hips ? { x: (leftHip.x + rightHip.x - left.x - right.x) / 2, y: (leftHip.y + rightHip.y - left.y - right.y) / 2 } : { x: 0, y: TORSO * across };
  const length = Math.hypot(down.x, down.y);
  const side = (width.x * down.y - width.y * down.x) / (Math.max(1e-6, length) * Math.max(1e-6, length, across));
  if (Math.abs(side) < LEAST_WIDTH) return undefined;
  const below = (corner: Corner): Corner => ({ x: corner.x + down.x, y: corner.y + down.y });
  return { side, corners: [left, right, ...(hips ? [leftHip, rightHip] : [below(left), below(right)])] };
}
