import { BONE } from '../body/bones.js';
import type { BoneName, RestSkeleton } from '../body/bones.js';
import { between, multiply } from '../body/quaternion.js';
import type { Pose } from './motion.js';
import type { Vec3 } from '../../render/types.js';

export type Side = 'L' | 'R';
const scratch = new Float64Array(4);

/** Points a bone along `direction`, given in the frame of bone `frame` (its rotation applied to body axes). */
export function point(pose: Pose, skeleton: RestSkeleton, bone: BoneName, frame: BoneName, direction: Vec3): void {
  const b = BONE[bone];
  between(scratch, 0, skeleton.directions.subarray(3 * b, 3 * b + 3), direction);
  multiply(pose.rotations, b, pose.rotations, BONE[frame], scratch, 0);
}

/** An arm pose in the frame of the upper trunk: x forward, y outwards (to the arm's own side), z up. */
export interface ArmPose {
  readonly upper: Vec3;
  readonly fore: Vec3;
  /** Hand direction; the forearm's by default. */
  readonly hand?: Vec3;
}

/** Sets clavicle, upper arm, forearm and hand of one side. */
export function setArm(pose: Pose, skeleton: RestSkeleton, side: Side, arm: ArmPose): void {
  const sign = side === 'L' ? 1 : -1;
  const out = ([x, y, z]: Vec3): Vec3 => [x, sign * y, z];
  follow(pose, `clavicle${side}`, 'thorax');
  point(pose, skeleton, `upperArm${side}`, 'thorax', out(arm.upper));
  point(pose, skeleton, `foreArm${side}`, 'thorax', out(arm.fore));
  if (arm.hand) point(pose, skeleton, `hand${side}`, 'thorax', out(arm.hand));
  else follow(pose, `hand${side}`, `foreArm${side}`);
}

/** Gives a bone the rotation of another one. */
export function follow(pose: Pose, bone: BoneName, of: BoneName): void {
  const a = 4 * BONE[bone], b = 4 * BONE[of];
  for (let k = 0; k < 4; k++) pose.rotations[a + k] = pose.rotations[b + k]!;
}

/** Turns a bone, and nothing else, by small angles about body axes: roll about x, pitch about y (forward is positive), yaw about z. */
export function setTurn(pose: Pose, bone: BoneName, halfRoll: number, halfPitch: number, halfYaw: number): void {
  // For the small angles of breathing and swaying a normalised vector of half angles is the rotation to third order.
  const o = 4 * BONE[bone];
  const scale = 1 / Math.sqrt(1 + halfRoll * halfRoll + halfPitch * halfPitch + halfYaw * halfYaw);
  pose.rotations[o] = halfRoll * scale;
  pose.rotations[o + 1] = halfPitch * scale;
  pose.rotations[o + 2] = halfYaw * scale;
  pose.rotations[o + 3] = scale;
}
