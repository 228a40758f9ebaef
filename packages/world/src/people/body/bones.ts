/**
 * The skeleton every person here has, whatever its surface: 21 bones, parents first. Face, finger, toe and twist bones of
 * richer rigs are folded into these. Rotations are those of a bone relative to the rest pose, in the body's frame (x forward,
 * y left, z up): all identities is the rest pose.
 */
export const BONES = [
  'pelvis', 'spine', 'chest', 'thorax', 'neck', 'neckUpper', 'head',
  'clavicleL', 'upperArmL', 'foreArmL', 'handL',
  'clavicleR', 'upperArmR', 'foreArmR', 'handR',
  'thighL', 'shinL', 'footL',
  'thighR', 'shinR', 'footR',
] as const;
export type BoneName = (typeof BONES)[number];
export const BONE_COUNT = BONES.length;

/** Index of each bone by name. */
export const BONE: Readonly<Record<BoneName, number>> = Object.fromEntries(BONES.map((name, i) => [name, i])) as Record<BoneName, number>;

/** Parent index, -1 for the pelvis. Parents come before children. */
export const PARENT: readonly number[] = [-1, 0, 1, 2, 3, 4, 5, 3, 7, 8, 9, 3, 11, 12, 13, 0, 15, 16, 0, 18, 19];

/** Bones whose rest direction is aligned with a motion's when retargeting (upper and lower arm, upper and lower leg, foot). */
export const LIMB_BONES: readonly number[] = [8, 9, 12, 13, 15, 16, 17, 18, 19, 20];

/** A body's joints in the rest pose. */
export interface RestSkeleton {
  /** xyz of the joint each bone turns about, metres, body frame. */
  readonly heads: Float64Array;
  /** xyz from each bone's joint to the next one down the limb. */
  readonly directions: Float64Array;
}
