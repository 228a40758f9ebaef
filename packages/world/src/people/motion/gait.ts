import type { Rng } from '../../math/rng.js';
import { PI, acos, atan2, cos, sin } from '../../math/deterministic.js';
import { BONE } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { reset } from '../body/quaternion.js';
import { setArm, setTurn } from './directed.js';
import type { MotionSource, Pose } from './motion.js';

/** The numbers of a gait; lengths in leg lengths, times in cycles. */
interface GaitShape {
  /** Share of the cycle a foot stands. */
  readonly duty: number;
  /** How far the body moves over a standing foot, and how much of that lies before it. */
  readonly reach: number;
  readonly ahead: number;
  /** Height of the hips over the ankles: mean, and half its rise and fall. */
  readonly hips: number;
  readonly bob: number;
  /** How high the ankle swings through. */
  readonly lift: number;
  /** Pitch of the foot (toes down is positive), radians: at the strike, at push-off, in the swing. */
  readonly strike: number;
  readonly push: number;
  readonly swing: number;
}

const WALK: GaitShape = { duty: 0.62, reach: 0.8, ahead: 0.48, hips: 0.956, bob: 0.014, lift: 0.09, strike: -0.32, push: 0.62, swing: 0.5 };
const RUN: GaitShape = { duty: 0.38, reach: 0.72, ahead: 0.42, hips: 0.9, bob: -0.02, lift: 0.42, strike: -0.1, push: 0.8, swing: 0.9 };

/** A smooth bump of height 1 and full width `width` around `centre` on the circle of phases. */
function bump(phase: number, centre: number, width: number): number {
  let d = phase - centre;
  d -= Math.floor(d + 0.5);
  const x = d / (width / 2);
  return x <= -1 || x >= 1 ? 0 : 0.5 + 0.5 * cos(PI * x);
}

const smooth = (x: number): number => x * x * (3 - 2 * x);

/** One leg's measures. */
interface Leg {
  readonly thigh: number;
  readonly shin: number;
  /** Forward of the ankle: where the foot rolls on. */
  readonly heel: number;
  readonly ball: number;
  /** Height of the ankle over the sole. */
  readonly ankle: number;
}

/** Ankle relative to its place over a foot flat on the floor below, when the foot is pitched about heel or ball. */
function rolled(leg: Leg, angle: number): [x: number, z: number] {
  const pivot = angle < 0 ? leg.heel : leg.ball;
  const c = cos(angle), s = sin(angle);
  // (-pivot, ankle) turned by `angle` about the left-right axis, relative to itself.
  return [-pivot * c + leg.ankle * s + pivot, pivot * s + leg.ankle * c - leg.ankle];
}

/**
 * Angles of one leg at a phase (0 at the strike), radians: thigh forward of the vertical, bend of the knee, pitch of the foot.
 * A standing foot rolls over heel and ball and moves back at constant speed; the knee follows from where hip and ankle are.
 */
function legAngles(phase: number, shape: GaitShape, reach: number, leg: Leg): { thigh: number; knee: number; foot: number } {
  const length = leg.thigh + leg.shin;
  const { duty } = shape;
  const start = shape.ahead * reach * length;
  const end = (shape.ahead - 1) * reach * length;
  const landing = shape.strike * bump(phase, 0, 0.3 * duty);
  let foot: number, x: number, z: number;
  if (phase < duty) {
    const s = phase / duty;
    foot = landing + shape.push * smooth(Math.max(0, (s - 0.6) / 0.4));
    [x, z] = rolled(leg, foot);
    x += start + (end - start) * s;
  } else {
    const s = (phase - duty) / (1 - duty);
    foot = landing + shape.push * (1 - smooth(Math.min(1, 1.4 * s))) + shape.swing * bump(s, 0.35, 0.7);
    const [x0, z0] = rolled(leg, shape.push);
    const [x1, z1] = rolled(leg, shape.strike);
    const t = smooth(s);
    x = (end + x0) * (1 - t) + (start + x1) * t;
    z = z0 * (1 - t) + z1 * t + shape.lift * length * bump(s, 0.45, 0.9);
  }
  const below = (shape.hips - shape.bob * cos(4 * PI * phase)) * length - z;
  const distance = Math.min(Math.sqrt(x * x + below * below), 0.998 * length);
  const corner = (a: number, b: number, opposite: number): number => acos((a * a + b * b - opposite * opposite) / (2 * a * b));
  return { thigh: atan2(x, below) + corner(leg.thigh, distance, leg.shin), knee: PI - corner(leg.thigh, leg.shin, distance), foot };
}

/** Sets a bone to a turn about the left-right axis: positive takes down to backward and forward to down. */
function pitch(pose: Pose, bone: number, angle: number): void {
  pose.rotations.set([0, sin(angle / 2), 0, cos(angle / 2)], 4 * bone);
}

/** Walking or running on the spot with swinging arms; every body and draw has its own stride. */
export function gait(rng: Rng, running: boolean): MotionSource {
  const shape = running ? RUN : WALK;
  const reach = shape.reach * rng.range(0.85, 1.02);
  const cadence = running ? rng.range(1.25, 1.5) : rng.range(0.88, 1.08); // cycles per second
  const swing = rng.range(0.7, 1.25);
  const lean = running ? rng.range(0.05, 0.1) : rng.range(0, 0.03); // half angle
  const look = rng.range(-0.1, 0.1);
  return (skeleton) => {
    const legs = { L: measureLeg(skeleton, 'L'), R: measureLeg(skeleton, 'R') };
    return {
      name: running ? 'running' : 'walking',
      period: 1 / cadence,
      travelSpeed: (reach * (legs.L.thigh + legs.L.shin) * cadence) / shape.duty,
      sample(time, pose) {
        const cycle = time * cadence - Math.floor(time * cadence);
        const wave = cos(2 * PI * cycle);
        reset(pose.rotations);
        pose.root.fill(0);
        pose.root[1] = (running ? 0.008 : 0.018) * sin(2 * PI * cycle);
        setTurn(pose, 'pelvis', -0.015 * sin(2 * PI * cycle), 0.3 * lean, -0.05 * wave);
        setTurn(pose, 'spine', 0, 0.7 * lean, 0);
        setTurn(pose, 'chest', 0, lean, 0.03 * wave);
        setTurn(pose, 'thorax', 0, lean, (running ? 0.11 : 0.06) * wave);
        setTurn(pose, 'neck', 0, 0.5 * lean, 0.02 * wave);
        setTurn(pose, 'neckUpper', 0, 0.3 * lean, 0.5 * look);
        setTurn(pose, 'head', 0, 0.02, look);
        (['L', 'R'] as const).forEach((side, i) => {
          const phase = cycle + i / 2 - Math.floor(cycle + i / 2);
          const { thigh, knee, foot } = legAngles(phase, shape, reach, legs[side]);
          pitch(pose, BONE[`thigh${side}`], -thigh);
          pitch(pose, BONE[`shin${side}`], knee - thigh);
          pitch(pose, BONE[`foot${side}`], foot);
          // The arm goes with the other leg.
          const forward = -swing * cos(2 * PI * (phase - 0.97));
          setArm(pose, skeleton, side, running
            ? { upper: [0.15 + 0.6 * forward, 0.2, -0.85], fore: [0.85 + 0.2 * forward, -0.22, 0.1 + 0.45 * forward] }
            : { upper: [0.02 + 0.36 * forward, 0.13, -1], fore: [0.2 + 0.5 * forward, 0.06, -1] });
        });
      },
    };
  };
}

/** Lengths of a leg whose thigh and shin hang straight down at rest. */
function measureLeg({ heads, directions }: RestSkeleton, side: 'L' | 'R'): Leg {
  const length = (bone: number): number => {
    const [x, y, z] = directions.subarray(3 * bone, 3 * bone + 3);
    return Math.sqrt(x * x + y * y + z * z);
  };
  const foot = 3 * BONE[`foot${side}`];
  return {
    thigh: length(BONE[`thigh${side}`]), shin: length(BONE[`shin${side}`]),
    heel: -0.25 * directions[foot], ball: 0.75 * directions[foot], ankle: heads[foot + 2],
  };
}

/** Standing at ease, arms down; one leg may carry more. Put a sway layer on it. */
export function standing(rng: Rng): MotionSource {
  const apart = rng.range(0.01, 0.12);
  const relaxed = rng.range(0, 0.22);
  const side = rng.chance(0.5) ? 'L' : 'R';
  const arms = (['L', 'R'] as const).map(() => ({ x: rng.range(-0.08, 0.15), out: rng.range(0.1, 0.25), bend: rng.range(0, 0.35) }));
  const nod = rng.range(-0.05, 0.12);
  return (skeleton) => ({
    name: 'standing',
    period: 4,
    sample(_time, pose) {
      reset(pose.rotations);
      pose.root.fill(0);
      setTurn(pose, 'neckUpper', 0, 0.4 * nod, 0);
      setTurn(pose, 'head', 0, nod, 0);
      (['L', 'R'] as const).forEach((s, i) => {
        const spread = (s === 'L' ? 1 : -1) * apart;
        const bend = s === side ? relaxed : 0.03;
        setTurn(pose, `thigh${s}`, spread / 2, -bend / 2, 0);
        setTurn(pose, `shin${s}`, spread / 2, bend * 0.35, 0);
        const arm = arms[i];
        setArm(pose, skeleton, s, { upper: [arm.x, arm.out, -1], fore: [arm.x + arm.bend, arm.out * 0.4, -1] });
      });
    },
  });
}
