import type { Rng } from '../../math/rng.js';
import { sin } from '../../math/deterministic.js';
import { setArm, setTurn } from './directed.js';
import type { ArmPose, Side } from './directed.js';
import { between, multiply, reset } from '../body/quaternion.js';
import { BONE } from '../body/bones.js';
import type { MotionSource, Pose } from './motion.js';

const ARMS: readonly ((rng: Rng) => ArmPose)[] = [
  // hands on the thighs
  () => ({ upper: [0.35, 0.18, -1], fore: [1, -0.15, -0.42] }),
  // forearms on a table or typing
  () => ({ upper: [0.55, 0.2, -0.9], fore: [1, -0.22, 0.02] }),
  // beside the body
  () => ({ upper: [-0.1, 0.25, -1], fore: [0.35, 0.1, -1] }),
  // looking at a phone
  () => ({ upper: [0.25, 0.15, -1], fore: [0.8, -0.4, 0.45] }),
  // one arm forward
  (rng) => ({ upper: [0.8, 0.3, rng.range(-0.6, 0)], fore: [1, 0, rng.range(-0.1, 0.4)] }),
];

/** Sitting on a seat: thighs level, shins down, feet flat, arms as drawn; breathes and sways a little. */
export function sitting(rng: Rng): MotionSource {
  const spread = rng.range(0.05, 0.3);
  const thighDrop = rng.range(-0.16, 0.02);
  const legs = [0, 1].map(() => ({ shin: rng.range(-0.25, 0.35), turn: rng.range(-0.08, 0.08) }));
  const lean = rng.range(-0.14, 0.16); // half angle of the trunk
  const together = rng.chance(0.65);
  const first = rng.pick(ARMS)(rng);
  const arms: Record<Side, ArmPose> = { L: first, R: together ? first : rng.pick(ARMS)(rng) };
  const look = rng.range(-0.25, 0.25);
  const nod = rng.range(-0.05, 0.2);
  const rate = rng.range(0.2, 0.35);
  return (skeleton) => ({
    name: 'sitting',
    period: 1 / rate,
    sample(time: number, pose: Pose) {
      const wave = sin(2 * Math.PI * rate * time);
      reset(pose.rotations);
      pose.root.fill(0);
      setTurn(pose, 'pelvis', 0, -0.08, 0);
      setTurn(pose, 'spine', 0, 0.35 * lean, 0);
      setTurn(pose, 'chest', 0.01 * wave, 0.8 * lean + 0.01 * wave, 0);
      setTurn(pose, 'thorax', 0.01 * wave, lean + 0.012 * wave, 0);
      setTurn(pose, 'neck', 0, 0.6 * lean, 0.3 * look);
      setTurn(pose, 'neckUpper', 0, 0.3 * lean + 0.5 * nod, 0.6 * look);
      setTurn(pose, 'head', 0, nod + 0.015 * wave, look + 0.03 * wave);
      (['L', 'R'] as const).forEach((side, i) => {
        const sign = side === 'L' ? 1 : -1;
        const leg = legs[i];
        const y = sign * spread;
        // Bend the straight leg forward about the hips' axis first, so that knees and toes keep pointing the same way.
        bend(pose, `thigh${side}`, [1, y, thighDrop]);
        shinFrom(pose, side, [leg.shin, y * 0.4 + leg.turn, -1]);
        setArm(pose, skeleton, side, arms[side]);
        levelFoot(pose, side, [1, y * 0.7, 0]);
      });
    },
  });

  /** Rotation that takes straight down to `to`. */
  function bend(pose: Pose, bone: 'thighL' | 'thighR', to: readonly [number, number, number]): void {
    between(pose.rotations, BONE[bone], [0, 0, -1], to);
  }
  /** The shin hangs in the knee's plane: a rotation from straight down, turned outwards with the thigh. */
  function shinFrom(pose: Pose, side: Side, to: readonly [number, number, number]): void {
    const yaw = new Float64Array(4);
    between(yaw, 0, [1, 0, 0], [1, (side === 'L' ? 1 : -1) * spread, 0]);
    between(pose.rotations, BONE[`shin${side}`], [0, 0, -1], to);
    multiply(pose.rotations, BONE[`shin${side}`], pose.rotations, BONE[`shin${side}`], yaw, 0);
  }
  function levelFoot(pose: Pose, side: Side, to: readonly [number, number, number]): void {
    between(pose.rotations, BONE[`foot${side}`], [1, 0, 0], to);
  }
}
