import { BONE } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { multiply } from '../body/quaternion.js';
import type { Rng } from '../../math/rng.js';
import { cos, sin } from '../../math/deterministic.js';
import type { ArmPose, Side } from './directed.js';
import { setArm } from './directed.js';
import type { Grip } from '../../scene/library.js';
import type { MotionSource, Pose } from './motion.js';

/** Changes a pose at a time, after the motion below it. */
export type Layer = (time: number, pose: Pose, skeleton: RestSkeleton) => void;

/** A motion with layers on top. */
export function layered(source: MotionSource, ...layers: readonly Layer[]): MotionSource {
  return (skeleton) => {
    const motion = source(skeleton);
    return {
      name: motion.name,
      period: motion.period,
      ...(motion.travelSpeed === undefined ? {} : { travelSpeed: motion.travelSpeed }),
      sample(time, pose) {
        motion.sample(time, pose);
        for (const layer of layers) layer(time, pose, skeleton);
      },
    };
  };
}

/** A motion played `rate` times as fast. */
export function paced(source: MotionSource, rate: number): MotionSource {
  return (skeleton) => {
    const motion = source(skeleton);
    return {
      name: motion.name,
      period: motion.period / rate,
      ...(motion.travelSpeed === undefined ? {} : { travelSpeed: motion.travelSpeed * rate }),
      sample: (time, pose) => motion.sample(time * rate, pose),
    };
  };
}

/** Breathing, shifting weight and looking about, so that nobody stands like a statue: turns the upper body and the head. */
export function swayLayer(rng: Rng): Layer {
  const rate = rng.range(0.2, 0.35);
  const phase = rng.unit();
  const size = rng.range(0.004, 0.02);
  const look = rng.range(0, 0.18);
  const turn = new Float64Array(4);
  return (time, pose) => {
    const angle = 2 * Math.PI * (rate * time + phase);
    setQuaternion(turn, size * sin(0.57 * angle), size * sin(angle), size * cos(0.37 * angle));
    for (let b = BONE.spine; b <= BONE.handR; b++) multiply(pose.rotations, b, turn, 0, pose.rotations, b);
    setQuaternion(turn, 0, 0.2 * look * sin(0.7 * angle), look * sin(0.43 * angle));
    multiply(pose.rotations, BONE.head, turn, 0, pose.rotations, BONE.head);
  };
}

/** A small rotation from its half angles about x, y, z (exact to third order). */
function setQuaternion(out: Float64Array, x: number, y: number, z: number): void {
  const scale = 1 / Math.sqrt(1 + x * x + y * y + z * z);
  out[0] = x * scale;
  out[1] = y * scale;
  out[2] = z * scale;
  out[3] = scale;
}

/** One or both arms doing something; `wave` goes -1..1. */
interface Gesture {
  readonly words: string;
  readonly sides: 'one' | 'both';
  readonly arm: (wave: number, second: number) => ArmPose;
  /** Cycles per second. */
  readonly rate: number;
  readonly holds?: Grip['load'];
}

const GESTURES: readonly Gesture[] = [
  { words: 'waving', sides: 'one', rate: 1.3, arm: (w) => ({ upper: [0.25, 0.85, 0.3], fore: [0.25, 0.1 + 0.45 * w, 1] }) },
  { words: 'pointing', sides: 'one', rate: 0.3, arm: (w) => ({ upper: [1, 0.3, -0.15 + 0.05 * w], fore: [1, 0.12, 0.03 + 0.06 * w] }) },
  { words: 'talking with the hands', sides: 'both', rate: 0.7, arm: (w, s) => ({ upper: [0.3, 0.25, -1], fore: [1, -0.1 + 0.3 * s, 0.2 + 0.35 * w] }) },
  { words: 'on the phone', sides: 'one', rate: 0.2, holds: 'phone', arm: (w) => ({ upper: [0.55, 0.4 + 0.03 * w, -0.75], fore: [0.02, -0.28, 1] }) },
  { words: 'with hands on hips', sides: 'both', rate: 0.2, arm: (w) => ({ upper: [-0.3, 0.75 + 0.02 * w, -0.8], fore: [0.3, -0.7, -0.6] }) },
  { words: 'with both arms up', sides: 'both', rate: 0.8, arm: (w, s) => ({ upper: [0.1, 0.55 + 0.1 * w, 0.8], fore: [0.05, 0.15 + 0.15 * s, 1] }) },
  { words: 'drinking', sides: 'one', rate: 0.25, holds: 'cup', arm: (w) => ({ upper: [0.65, 0.3, -0.6 - 0.1 * w], fore: [0.4, -0.35, 0.75 - 0.3 * w] }) },
  { words: 'taking a picture', sides: 'both', rate: 0.2, holds: 'phone', arm: (w) => ({ upper: [0.75, 0.15, -0.5 + 0.04 * w], fore: [0.85, -0.3, 0.5 + 0.04 * w] }) },
  { words: 'looking at a phone', sides: 'one', rate: 0.25, holds: 'phone', arm: (w) => ({ upper: [0.3, 0.15, -1], fore: [0.9, -0.3, 0.35 + 0.04 * w] }) },
  { words: 'reaching out', sides: 'both', rate: 0.4, arm: (w) => ({ upper: [0.9, 0.15, -0.35 + 0.1 * w], fore: [1, -0.02, 0.05 + 0.1 * w] }) },
];

/** Ways to carry something; the arms hardly move. */
const CARRIES: readonly { readonly words: string; readonly holds: Grip['load']; readonly left: ArmPose; readonly right?: ArmPose }[] = [
  { words: 'holding something', holds: 'load', left: { upper: [0.2, 0.12, -1], fore: [1, -0.1, 0.05] }, right: { upper: [0.2, 0.12, -1], fore: [1, -0.1, 0.05] } },
  { words: 'holding something high', holds: 'load', left: { upper: [0.45, 0.2, -0.8], fore: [0.75, -0.15, 0.6] }, right: { upper: [0.45, 0.2, -0.8], fore: [0.75, -0.15, 0.6] } },
  { words: 'carrying a load on one side', holds: 'hanging', left: { upper: [0.02, 0.22, -1], fore: [0.06, 0.12, -1] } },
  { words: 'carrying something on a shoulder', holds: 'shoulder', left: { upper: [0.45, 0.65, 0.45], fore: [-0.15, -0.5, 0.85] } },
  { words: 'carrying something under an arm', holds: 'arm', left: { upper: [-0.1, 0.3, -1], fore: [0.9, 0.05, -0.25] } },
];

/** Arms of a random gesture over a motion. */
export function gestureLayer(rng: Rng): { layer: Layer; words: string; grip?: Grip } {
  const gesture = rng.pick(GESTURES);
  const one: Side = rng.chance(0.75) ? 'R' : 'L';
  const rate = gesture.rate * rng.range(0.8, 1.25);
  const phase = rng.unit();
  const jitter = jitterArm(rng, 0.08);
  const sides: readonly Side[] = gesture.sides === 'both' ? ['L', 'R'] : [one];
  return {
    words: gesture.words,
    ...(gesture.holds ? { grip: { hands: gesture.sides === 'both' ? 'both' : one === 'L' ? 'left' : 'right', load: gesture.holds } } : {}),
    layer: (time, pose, skeleton) => {
      for (const side of sides) {
        const angle = 2 * Math.PI * (rate * time + phase + (side === 'L' ? 0.13 : 0));
        setArm(pose, skeleton, side, jitter(gesture.arm(sin(angle), cos(0.61 * angle))));
      }
    },
  };
}

/** Arms that carry something over a motion. */
export function carryLayer(rng: Rng): { layer: Layer; words: string; grip: Grip } {
  const carry = rng.pick(CARRIES);
  const swap = rng.chance(0.5);
  const jitter = jitterArm(rng, 0.08);
  return {
    words: carry.words,
    grip: { hands: carry.right ? 'both' : swap ? 'right' : 'left', load: carry.holds },
    layer: (_, pose, skeleton) => {
      setArm(pose, skeleton, swap ? 'R' : 'L', jitter(carry.left));
      if (carry.right) setArm(pose, skeleton, swap ? 'L' : 'R', jitter(carry.right));
    },
  };
}

/** Shifts all directions of an arm by one draw, so that no two people hold it alike. */
function jitterArm(rng: Rng, size: number): (arm: ArmPose) => ArmPose {
  const d = [0, 1, 2, 3, 4, 5].map(() => rng.range(-size, size));
  return (arm) => ({
    upper: [arm.upper[0] + d[0], arm.upper[1] + d[1], arm.upper[2] + d[2]],
    fore: [arm.fore[0] + d[3], arm.fore[1] + d[4], arm.fore[2] + d[5]],
  });
}
