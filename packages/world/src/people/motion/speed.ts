import { BONE } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { boneTransforms, transformPoint } from '../body/skinning.js';
import type { Motion } from './motion.js';
import { createPose } from './motion.js';

const SAMPLES = 40;

/** How far above its lowest a foot may be to count as standing, metres. */
const STANDING = 0.03;

/**
 * Metres per second along +x at which the body must travel so that its standing foot stays where it is: as recorded, or the
 * median speed at which the standing foot of a motion on the spot moves backwards. 0 if it does not.
 */
export function strideSpeed(motion: Motion, skeleton: RestSkeleton): number {
  if (motion.travelSpeed !== undefined) return motion.travelSpeed;
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
  const steps: { readonly speed: number; readonly height: number }[] = [];
  let before: [number, number][] | undefined;
  for (let i = 0; i <= SAMPLES; i++) {
    motion.sample(i * step, pose);
    boneTransforms(skeleton, pose.rotations, pose.root, transforms);
    const now = [ball(BONE.footL), ball(BONE.footR)];
    if (before) {
      const lower = now[0]![1] < now[1]![1] ? 0 : 1;
      steps.push({ speed: (before[lower]![0] - now[lower]![0]) / step, height: now[lower]![1] });
    }
    before = now;
  }
  const floor = Math.min(...steps.map(({ height }) => height));
  const speeds = steps.filter(({ height }) => height < floor + STANDING).map(({ speed }) => speed).sort((a, b) => a - b);
  return Math.max(0, speeds[speeds.length >> 1]!);
}
