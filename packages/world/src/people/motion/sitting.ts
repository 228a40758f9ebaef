import type { Rng } from '../../math/rng.js';
import { sin } from '../../math/deterministic.js';
import { setArm, setTurn } from './directed.js';
import type { ArmPose, Side } from './directed.js';
import { between, multiply, reset } from '../body/quaternion.js';
import { BONE } from '../body/bones.js';
import type { DrawnMotion, Pose } from './motion.js';
import type { Grip } from '../../scene/library.js';

/** An arm of somebody who sits; `move` is how far the hand wanders, as a direction's part. */
interface SeatedArm {
  readonly arm: (rng: Rng) => ArmPose;
  readonly move?: number;
  readonly holds?: Grip['load'];
}

const ARMS: readonly SeatedArm[] = [
  // hands on the thighs
  { arm: () => ({ upper: [0.35, 0.18, -1], fore: [1, -0.15, -0.42] }) },
  // forearms on a table or typing
  { arm: () => ({ upper: [0.55, 0.2, -0.9], fore: [1, -0.22, 0.02] }), move: 0.05 },
  // beside the body
  { arm: () => ({ upper: [-0.1, 0.25, -1], fore: [0.35, 0.1, -1] }) },
  // looking at a phone
  { arm: () => ({ upper: [0.25, 0.15, -1], fore: [0.8, -0.4, 0.45] }), move: 0.03, holds: 'phone' },
  // one arm forward
  { arm: (rng) => ({ upper: [0.8, 0.3, rng.range(-0.6, 0)], fore: [1, 0, rng.range(-0.1, 0.4)] }), move: 0.1 },
  // a cup at hand or at the mouth
  { arm: (rng) => ({ upper: [0.5, 0.25, -0.8], fore: [0.8, -0.35, rng.range(0.1, 0.8)] }), move: 0.06, holds: 'cup' },
  // chin on the hand, a hand at the face or in the hair
  { arm: (rng) => ({ upper: [0.8, 0.12, -0.55], fore: [0.12, -0.28, 1 + rng.range(0, 0.3)] }), move: 0.02 },
  // waving, talking with the hand
  { arm: () => ({ upper: [0.35, 0.6, -0.35], fore: [0.45, 0.05, 1] }), move: 0.35 },
  // arms folded
  { arm: () => ({ upper: [0.35, 0.2, -0.95], fore: [0.6, -0.85, 0.12] }) },
];

/** Sitting on a seat: thighs level, shins down, feet flat, arms as drawn; breathes and sways a little. */
export function sitting(rng: Rng): Pick<DrawnMotion, 'source' | 'grip'> {
  const spread = rng.range(0.05, 0.3);
  const thighDrop = rng.range(-0.16, 0.02);
  const legs = [0, 1].map(() => ({ shin: rng.range(-0.25, 0.35), turn: rng.range(-0.08, 0.08) }));
  const lean = rng.range(-0.14, 0.16); // half angle of the trunk
  const together = rng.chance(0.55);
  const first = rng.pick(ARMS);
  const chosen: Record<Side, SeatedArm> = { L: first, R: together ? first : rng.pick(ARMS) };
  const arms: Record<Side, ArmPose> = { L: chosen.L.arm(rng), R: chosen.R.arm(rng) };
  // Both arms of one kind are at the same height: two hands on one table, one phone.
  if (together) arms.R = arms.L;
  const holding = (['R', 'L'] as const).find((side) => chosen[side].holds !== undefined);
  const load = holding && chosen[holding].holds;
  const look = rng.range(-0.25, 0.25);
  const nod = rng.range(-0.05, 0.2);
  const rate = rng.range(0.2, 0.35), restless = rng.int(2, 5);
  const source: DrawnMotion['source'] = (skeleton) => ({
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
        const { upper, fore } = arms[side];
        const stir = (chosen[side].move ?? 0.01) * sin(2 * Math.PI * (rate * restless * time + 0.21 * i));
        setArm(pose, skeleton, side, { upper: [upper[0], upper[1], upper[2] + 0.3 * stir], fore: [fore[0], fore[1] + 0.7 * stir, fore[2] + stir] });
        levelFoot(pose, side, [1, y * 0.7, 0]);
      });
    },
  });
  return {
    source,
    ...(load ? { grip: { hands: together && load === 'phone' ? 'both' : holding === 'L' ? 'left' : 'right', load } } : {}),
  };

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
