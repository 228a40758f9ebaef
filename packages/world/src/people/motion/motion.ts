import { BONE_COUNT } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import type { Grip } from '../../scene/library.js';

/** The pose of a body at one instant; written in place by motions and layers. */
export interface Pose {
  /** Rotation of each bone relative to rest, in the body's frame: quaternions xyzw. */
  readonly rotations: Float64Array;
  /** Shift of the pelvis from its rest place: x forward, y left (metres). Its height follows from ground contact. */
  readonly root: Float64Array;
}

export function createPose(): Pose {
  const rotations = new Float64Array(4 * BONE_COUNT);
  for (let i = 3; i < rotations.length; i += 4) rotations[i] = 1;
  return { rotations, root: new Float64Array(3) };
}

/** A motion fitted to one body: writes the pose at `time` seconds (any real number; it repeats). */
export interface Motion {
  readonly name: string;
  /** Seconds after which it repeats. */
  readonly period: number;
  /** Metres per second at which the recorded body travelled, scaled to this one; absent where that was not recorded. */
  readonly travelSpeed?: number;
  sample(time: number, pose: Pose): void;
}

/** Makes a motion for a body of given joints. */
export type MotionSource = (skeleton: RestSkeleton) => Motion;

/** A motion chosen for somebody. */
export interface DrawnMotion {
  readonly source: MotionSource;
  readonly travels: boolean;
  readonly seated: boolean;
  /** 0..1 of the motion's period. */
  readonly phase: number;
  /** What the hands are shaped to hold, if anything. */
  readonly grip?: Grip;
  /** "walking", "sitting", ... */
  readonly words: string;
  /** Instead of `words` where the hands hold nothing: of somebody without a phone one cannot say "looking at a phone". Absent where the words say nothing of it. */
  readonly emptyHanded?: string;
}
