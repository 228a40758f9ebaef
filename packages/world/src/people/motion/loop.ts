import { BONE_COUNT } from '../body/bones.js';
import type { Clip } from './clip.js';

/** The part of a clip that is played again and again. */
export interface Loop {
  readonly start: number;
  /** Frames after which it repeats. */
  readonly length: number;
  /** Frames after `start` over which the continuation beyond the end fades into the beginning. */
  readonly blend: number;
  /** The clip as a whole is one cycle: the frame after its last is its first. */
  readonly cyclic: boolean;
}

/** Shortest gait cycle looked for, seconds. */
const SHORTEST = 0.6;
const LONGEST = 1.8;
const BLEND_SECONDS = 0.5;

/** Sum over bones of 1 - |q . q'|: 0 for equal poses. */
function distance(clip: Clip, f: number, g: number): number {
  const q = clip.rotations;
  const stride = 4 * BONE_COUNT;
  let sum = 0;
  for (let b = 0; b < BONE_COUNT; b++) {
    const i = f * stride + 4 * b, j = g * stride + 4 * b;
    sum += 1 - Math.abs(q[i] * q[j] + q[i + 1] * q[j + 1] + q[i + 2] * q[j + 2] + q[i + 3] * q[j + 3]);
  }
  return sum;
}

/** Finds a loop: one gait cycle where the body travels, else nearly the whole clip with a blended seam. */
export function findLoop(clip: Clip, travels: boolean): Loop {
  const last = clip.frameCount - 1;
  if (last < 1) return { start: 0, length: 1, blend: 0, cyclic: true };
  let step = 0;
  for (let f = 0; f < last; f++) step += distance(clip, f, f + 1);
  step /= last;
  const seam = distance(clip, last, 0);
  if (seam < 2.5 * step) return { start: 0, length: seam < 0.3 * step ? last : last + 1, blend: 0, cyclic: true };
  if (travels) {
    const shortest = Math.round(SHORTEST / clip.frameTime);
    const longest = Math.min(Math.round(LONGEST / clip.frameTime), last - 2);
    let best = { cost: Infinity, start: 0, length: last };
    for (let start = 0; start + shortest <= last - 2; start++) {
      for (let length = shortest; length <= longest && start + length <= last - 2; length++) {
        const cost = distance(clip, start, start + length) + distance(clip, start + 2, start + length + 2);
        if (cost < best.cost) best = { cost, start, length };
      }
    }
    return { start: best.start, length: best.length, blend: Math.min(5, last - best.start - best.length), cyclic: false };
  }
  const blend = Math.min(Math.round(BLEND_SECONDS / clip.frameTime), Math.floor(last / 3));
  return { start: 0, length: last - blend, blend, cyclic: false };
}
