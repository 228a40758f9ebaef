import { BONE } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { boneTransforms, transformPoint } from '../body/skinning.js';
import type { Motion } from './motion.js';
import { createPose } from './motion.js';

const SAMPLES = 40;

/**
 * Metres per second along +x at which the body must travel so that its standing foot stays where it is: the median speed at
 * which the lower foot of the motion on the spot moves backwards. 0 if it does not.
 */
export function strideSpeed(motion: Motion, skeleton: RestSkeleton): number {
  const pose = createPose();
  const step = motion.period / SAMPLES;
  const transforms = new Float64Array(12 * skeleton.heads.length / 3);
  /** Ball of the foot: x and z. */
  const ball = (foot: number): [number, number] => {
    const [x, , z] = transformPoint(transforms, foot,
      skeleton.heads[3 * foot]! + 0.8 * skeleton.directions[3 * foot]!,
      skeleton.heads[3 * foot + 1]! + 0.8 * skeleton.directions[3 * foot + 1]!,
      skeleton.heads[3 * foot + 2]! + 0.8 * skeleton.directions[3 * foot + 2]!);
    return [x, z];
  };
  const speeds: number[] = [];
  let before: [number, number][] | undefined;
  for (let i = 0; i <= SAMPLES; i++) {
    motion.sample(i * step, pose);
    boneTransforms(skeleton, pose.rotations, pose.root, transforms);
    const now = [ball(BONE.footL), ball(BONE.footR)];
    if (before) {
      const lower = now[0]![1] < now[1]![1] ? 0 : 1;
      speeds.push((before[lower]![0] - now[lower]![0]) / step);
    }
    before = now;
  }
  speeds.sort((a, b) => a - b);
  return Math.max(0, speeds[speeds.length >> 1]!);
}
