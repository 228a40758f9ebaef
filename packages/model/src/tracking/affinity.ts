import { LEAST_JOINT_SCORE } from '@sextant/core';
import { boxIoU } from '../metrics/skeleton.js';
import type { Box, Observation } from './observe.js';

/** Least likeness by shape of two sightings of one thing. */
const GATE = 0.15;
/** A joint's place is uncertain by this part of the box's side (its square root of area). */
const JOINT_SIGMA = 0.15;
/** Sizes of one thing in two sightings differ at most by this factor where only its place speaks for it. */
const SAME_SIZE = 1.6;

/** How far from its place a thing may be where only that speaks for it, in its own sides. */
const REACH = 1.5;

/** A track's sighting, moved to where it should be now. */
export interface Expected {
  readonly label: number;
  readonly box: Box;
  readonly area: number;
  readonly joints?: Float32Array | undefined;
  /** How far the sighting was moved. */
  readonly dx: number;
  readonly dy: number;
  /** Side of a square of the thing's full area, pixels: what it had before something hid a part of it. */
  readonly side: number;
  /** Seen in the previous frame, or not for a while. */
  readonly lost: boolean;
}

/**
 * How alike an observation is to what a track expects, 0 (cannot be) to 1. Shape first: intersection over union of masks
 * and boxes, or of boxes and the distance of joints. A thing too fast or too small to overlap itself is told by its place
 * and size, below every match by shape. Only things of one class are alike.
 *
 * @param shared pixels that the masks have in common
 */
export function affinity(track: Expected, seen: Observation, shared: number): number {
  if (track.label !== seen.label) return 0;
  const boxes = boxIoU(track.box, seen.box);
  const masks = track.area > 0 && seen.area > 0;
  const shape = masks ? 0.7 * (shared / (track.area + seen.area - shared)) + 0.3 * boxes : withJoints(track, seen, boxes);
  if (shape >= GATE) return shape;
  const side = sideOf(seen);
  // What comes out from behind something is smaller than it will be.
  if (side > SAME_SIZE * track.side || (!track.lost && sideOf(track) > SAME_SIZE * side)) return 0;
  const distance = Math.hypot(middle(track.box, 0) - middle(seen.box, 0), middle(track.box, 1) - middle(seen.box, 1)) / track.side;
  return distance < REACH ? GATE * (1 - distance / REACH) : 0;
}

/** Side of a square of the same visible area, at least a pixel. */
export function sideOf({ area, box }: Pick<Observation, 'area' | 'box'>): number {
  return Math.max(1, Math.sqrt(area > 0 ? area : box[2] * box[3]));
}

function middle(box: Box, axis: 0 | 1): number {
  return box[axis] + box[axis + 2] / 2;
}

function withJoints({ joints, dx, dy, box }: Expected, seen: Observation, boxes: number): number {
  if (!joints || !seen.joints) return boxes;
  const variance = 2 * JOINT_SIGMA ** 2 * Math.max(1, box[2] * box[3]);
  let [sum, count] = [0, 0];
  for (let j = 0; j < joints.length; j += 3) {
    if (joints[j + 2] < LEAST_JOINT_SCORE || seen.joints[j + 2] < LEAST_JOINT_SCORE) continue;
    sum += Math.exp(-((joints[j] + dx - seen.joints[j]) ** 2 + (joints[j + 1] + dy - seen.joints[j + 1]) ** 2) / variance);
    count++;
  }
  return count === 0 ? boxes : (boxes + sum / count) / 2;
}
