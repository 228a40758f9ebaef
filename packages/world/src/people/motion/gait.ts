import type { Rng } from '../../math/rng.js';
import { PI, cos, sin } from '../../math/deterministic.js';
import { BONE } from '../body/bones.js';
import { reset } from '../body/quaternion.js';
import { setArm, setTurn } from './directed.js';
import type { MotionSource, Pose } from './motion.js';

/** Angles of one leg over its cycle (phase 0 at heel strike), radians. */
interface LegAngles {
  /** Thigh forward of the vertical. */
  readonly thigh: number;
  /** Knee bend. */
  readonly knee: number;
  /** Toes below the level. */
  readonly foot: number;
}

/** A smooth bump of height 1 and full width `width` around `centre` on the circle of phases. */
function bump(phase: number, centre: number, width: number): number {
  let d = phase - centre;
  d -= Math.floor(d + 0.5);
  const x = d / (width / 2);
  return x <= -1 || x >= 1 ? 0 : 0.5 + 0.5 * cos(PI * x);
}

/** Sagittal angles of level walking, following the shape of Winter's normative curves; `stride` 1 is a common stride. */
function walkAngles(phase: number, stride: number): LegAngles {
  return {
    thigh: 0.12 + stride * 0.41 * cos(2 * PI * (phase - 0.93)),
    knee: 0.06 + 0.24 * bump(phase, 0.14, 0.3) + 1.02 * bump(phase, 0.73, 0.5),
    foot: -0.3 * bump(phase, 0, 0.22) + 0.75 * bump(phase, 0.6, 0.36) - 0.12 * bump(phase, 0.85, 0.3),
  };
}

function runAngles(phase: number, stride: number): LegAngles {
  return {
    thigh: 0.3 + stride * 0.66 * cos(2 * PI * (phase - 0.86)),
    knee: 0.28 + 0.4 * bump(phase, 0.16, 0.4) + 1.5 * bump(phase, 0.67, 0.66),
    foot: -0.12 * bump(phase, 0, 0.2) + 0.95 * bump(phase, 0.45, 0.4) + 0.5 * bump(phase, 0.65, 0.5),
  };
}

/** Sets a bone to a turn about the left-right axis: positive takes down to backward and forward to down. */
function pitch(pose: Pose, bone: number, angle: number): void {
  pose.rotations.set([0, sin(angle / 2), 0, cos(angle / 2)], 4 * bone);
}

/** Walking or running on the spot with swinging arms; every body and draw has its own stride. */
export function gait(rng: Rng, running: boolean): MotionSource {
  const stride = rng.range(0.85, 1.15);
  const cadence = running ? rng.range(1.25, 1.5) : rng.range(0.85, 1.05); // cycles per second
  const swing = rng.range(0.7, 1.25);
  const lean = running ? rng.range(0.05, 0.1) : rng.range(0, 0.03); // half angle
  const look = rng.range(-0.1, 0.1);
  return (skeleton) => ({
    name: running ? 'running' : 'walking',
    period: 1 / cadence,
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
        const { thigh, knee, foot } = running ? runAngles(phase, stride) : walkAngles(phase, stride);
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
  });
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
        const arm = arms[i]!;
        setArm(pose, skeleton, s, { upper: [arm.x, arm.out, -1], fore: [arm.x + arm.bend, arm.out * 0.4, -1] });
      });
    },
  });
}
