import { BONE, BONE_COUNT, PARENT } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { between, blend, copy, multiply } from '../body/quaternion.js';
import type { Clip } from './clip.js';
import { findLoop } from './loop.js';
import type { Motion, MotionSource, Pose } from './motion.js';

/** How far from its place a person who acts on the spot may sway, metres. */
const SWAY_LIMIT = 0.35;

export interface RetargetOptions {
  /** Travels: it is played on the spot, its mean heading becomes +x. */
  readonly travels: boolean;
  /** Playback rate; default 1. */
  readonly rate?: number;
}

/**
 * Fits a recorded motion to any body: world rotation of a bone = that of its source bone, times, for the limbs, the smallest
 * rotation from the body's rest direction to the source's. Played in a loop with a blended seam.
 */
export function retarget(clip: Clip, { travels, rate = 1 }: RetargetOptions): MotionSource {
  const loop = findLoop(clip, travels);
  const heading = headingOf(clip, loop.start, loop.length, travels);
  return (skeleton: RestSkeleton): Motion => {
    const align = new Float64Array(4 * BONE_COUNT);
    for (let b = 0; b < BONE_COUNT; b++) {
      const to = clip.restDirections[b];
      if (to) between(align, b, skeleton.directions.subarray(3 * b, 3 * b + 3), to);
      else align[4 * b + 3] = 1;
    }
    const scale = clip.legLength > 0 ? legLength(skeleton) / clip.legLength : 0;
    const frames = clip.frameCount;
    const rotations = new Float64Array(4 * BONE_COUNT * frames);
    const roots = new Float64Array(2 * frames);
    const [cx, cy] = [heading[3] ** 2 - heading[2] ** 2, 2 * heading[2] * heading[3]]; // cos and sin of the yaw
    const end = Math.min(loop.start + loop.length, frames - 1);
    const perFrame = travels ? 1 / Math.max(end - loop.start, 1) : 0;
    const drift = [0, 1].map((k) => (clip.roots[3 * end + k] - clip.roots[3 * loop.start + k]) * perFrame);
    const mean = [0, 1].map((k) => {
      let sum = 0;
      for (let f = loop.start; f <= end; f++) sum += clip.roots[3 * f + k] - drift[k] * (f - loop.start);
      return sum / (end - loop.start + 1);
    });
    for (let f = 0; f < frames; f++) {
      for (let b = 0; b < BONE_COUNT; b++) {
        const o = BONE_COUNT * f + b;
        if (clip.mapped[b]) {
          multiply(rotations, o, heading, 0, clip.rotations, o);
          multiply(rotations, o, rotations, o, align, b);
        } else copy(rotations, o, rotations, BONE_COUNT * f + Math.max(PARENT[b], 0));
      }
      const x = (clip.roots[3 * f] - drift[0] * (f - loop.start) - mean[0]) * scale;
      const y = (clip.roots[3 * f + 1] - drift[1] * (f - loop.start) - mean[1]) * scale;
      const soft = 1 / Math.sqrt(1 + (x * x + y * y) / (SWAY_LIMIT * SWAY_LIMIT));
      roots[2 * f] = (cx * x - cy * y) * soft;
      roots[2 * f + 1] = (cy * x + cx * y) * soft;
    }
    const other = new Float64Array(4);
    /** Pose at fractional frame `at`, mixed into `pose` with weight `mix` (1 replaces). */
    const mixIn = (at: number, mix: number, pose: Pose): void => {
      const f0 = Math.min(Math.floor(at), frames - 1);
      const f1 = loop.cyclic ? (f0 + 1) % loop.length : Math.min(f0 + 1, frames - 1);
      const s = Math.min(at - f0, 1);
      for (let b = 0; b < BONE_COUNT; b++) {
        blend(other, 0, rotations, BONE_COUNT * f0 + b, rotations, BONE_COUNT * f1 + b, s);
        if (mix >= 1) copy(pose.rotations, b, other, 0);
        else blend(pose.rotations, b, pose.rotations, b, other, 0, mix);
      }
      for (let k = 0; k < 2; k++) {
        const value = roots[2 * f0 + k] * (1 - s) + roots[2 * f1 + k] * s;
        pose.root[k] = pose.root[k] * (1 - mix) + value * mix;
      }
    };
    const period = (loop.length * clip.frameTime) / rate;
    const travelled = (scale * Math.sqrt(drift[0] ** 2 + drift[1] ** 2) * rate) / clip.frameTime;
    return {
      name: clip.name,
      period,
      ...(travels && travelled > 0.3 ? { travelSpeed: travelled } : {}),
      sample(time, pose) {
        const phase = time / period;
        const at = (phase - Math.floor(phase)) * loop.length;
        pose.root.fill(0);
        mixIn(loop.start + at, 1, pose);
        if (at < loop.blend) {
          const s = 1 - at / loop.blend;
          mixIn(loop.start + loop.length + at, s * s * (3 - 2 * s), pose);
        }
      },
    };
  };
}

/** Upper plus lower leg, metres. */
export function legLength(skeleton: RestSkeleton): number {
  let sum = 0;
  for (const b of [BONE.thighL, BONE.shinL]) {
    const [x, y, z] = skeleton.directions.subarray(3 * b, 3 * b + 3);
    sum += Math.sqrt(x * x + y * y + z * z);
  }
  return sum;
}

/** Rotation about z that brings the clip's travel (or, on the spot, the mean facing of the hips) to +x. */
function headingOf(clip: Clip, start: number, length: number, travels: boolean): Float64Array {
  const end = Math.min(start + length, clip.frameCount - 1);
  let x = 0, y = 0;
  if (travels) {
    x = clip.roots[3 * end] - clip.roots[3 * start];
    y = clip.roots[3 * end + 1] - clip.roots[3 * start + 1];
  }
  if (Math.sqrt(x * x + y * y) < 0.3 * clip.legLength) {
    x = y = 0;
    for (let f = start; f <= end; f++) {
      const o = 4 * BONE_COUNT * f;
      const [qx, qy, qz, qw] = clip.rotations.subarray(o, o + 4);
      x += 1 - 2 * (qy * qy + qz * qz);
      y += 2 * (qx * qy + qz * qw);
    }
  }
  const out = new Float64Array([0, 0, 0, 1]);
  if (x * x + y * y > 1e-9) between(out, 0, [x, y, 0], [1, 0, 0]);
  // Half a turn may be about any axis across x: only a turn about z keeps the body upright.
  if (Math.abs(out[0]) + Math.abs(out[1]) > 1e-6) out.set([0, 0, 1, 0]);
  return out;
}
