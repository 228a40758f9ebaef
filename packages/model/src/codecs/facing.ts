import type { Keypoint, Person } from '@sextant/core';
import { sigmoid } from '../runtime/tensor.js';
import { logit, logitAt, type LogitMap, type Place } from './peaks.js';

/** COCO's joints after left and right changed places. */
export const MIRRORED_JOINTS: readonly number[] = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];

/** COCO begins with nose, eyes and ears. */
const FACE = 5;
const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = [5, 6, 11, 12];
/** Shoulders that are narrower than this part of the torso are a profile's: which side is seen says nothing about them. */
const LEAST_WIDTH = 0.2;
/** Torsos are looked at in this many places each way. */
const PLACES = 5;
/** How far down the torso reaches where no hip is known, as a part of the shoulders' width. */
const TORSO = 1.2;

/**
 * How surely somebody is seen from the front, 0..1, where `front` has the logits of it on the joints' grid: by the mean of the logits around the middle of the face's joints, else over the torso; 0.5 where
 * its probability is `frontThreshold`. Undefined where neither one of those joints nor both shoulders have a score of `jointThreshold`.
 */
export function frontOf(keypoints: readonly Keypoint[], front: LogitMap, frontThreshold: number, jointThreshold: number): number | undefined {
  const face = keypoints.slice(0, FACE).filter(known(jointThreshold));
  const places = face.length > 0 ? around(middle(face)) : overTorso(torsoOf(keypoints, jointThreshold)?.corners);
  if (places.length === 0) return undefined;
  const mean = places.reduce((sum, place) => sum + logitAt(front, place), 0) / places.length;
  return sigmoid(mean - logit(frontThreshold));
}

const known = (least: number) => ({ score }: Keypoint): boolean => score > 0 && score >= least;

const middle = (joints: readonly Place[]): Place => ({ x: joints.reduce((sum, { x }) => sum + x, 0) / joints.length, y: joints.reduce((sum, { y }) => sum + y, 0) / joints.length });

const around = ({ x, y }: Place): Place[] => [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((across) => ({ x: x + across, y: y + down })));

function overTorso(corners: readonly Place[] | undefined): Place[] {
  if (corners === undefined) return [];
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const steps = Array.from({ length: PLACES }, (_, i) => (i + 0.5) / PLACES);
  const mix = (a: Place, b: Place, share: number): Place => ({ x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) });
  return steps.flatMap((down) => steps.map((across) => mix(mix(topLeft, topRight, across), mix(bottomLeft, bottomRight, across), down)));
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

/** Shoulders, then hips (left, right), and the shoulders' width over the torso's length, above 0 where the joints show its front. Undefined without shoulders. */
function torsoOf(keypoints: readonly Keypoint[], least: number): { readonly side: number; readonly corners: readonly Place[] } | undefined {
  const [left, right, leftHip, rightHip] = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP].map((joint) => keypoints[joint]);
  const there = known(least);
  if (!there(left) || !there(right)) return undefined;
  const width = { x: left.x - right.x, y: left.y - right.y };
  const across = Math.hypot(width.x, width.y);
  const hips = there(leftHip) && there(rightHip);
  const down = hips ? { x: (leftHip.x + rightHip.x - left.x - right.x) / 2, y: (leftHip.y + rightHip.y - left.y - right.y) / 2 } : { x: 0, y: TORSO * across };
  const length = Math.max(1e-6, Math.hypot(down.x, down.y));
  const side = (width.x * down.y - width.y * down.x) / (length * Math.max(length, across));
  const below = (corner: Place): Place => ({ x: corner.x + down.x, y: corner.y + down.y });
  return { side, corners: [left, right, ...(hips ? [leftHip, rightHip] : [below(left), below(right)])] };
}
