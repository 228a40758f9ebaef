import type { ObjectModel } from '../../scene/library.js';
import { cos, sin } from '../../math/deterministic.js';
import type { RestPose } from '../model-builder.js';

/** A joint that turns its part about an axis across the body (y), hanging on its parent; coordinates as drawn. */
export interface Bone {
  /** Index of the parent; bone 0 is the body itself. */
  readonly parent: number;
  readonly x: number;
  readonly z: number;
  /** Angle in radians at a phase in cycles (0..1 repeating). */
  readonly angle: (phase: number) => number;
}

/** Rise of the whole body, metres, at a phase in cycles. */
export type Bob = (phase: number) => number;

/** Rigid parts turning about y, `frequency` cycles a second: the walk of a quadruped, a bird's nod. Arrays from `at` are fresh. */
export function rig(bones: readonly Bone[], frequency: number, speed: number, bob: Bob = () => 0): (rest: RestPose) => ObjectModel['animation'] {
  return ({ positions, normals, bones: of, shift }) => ({
    speed,
    at(t: number) {
      const cycles = t * frequency;
      const phase = cycles - Math.floor(cycles);
      // Each bone as x' = c x + s z + tx, z' = -s x + c z + tz.
      const pose = new Float64Array(4 * bones.length);
      for (let b = 0; b < bones.length; b++) {
        const bone = bones[b];
        const a = bone.angle(phase), c = cos(a), s = sin(a), px = bone.x + shift[0], pz = bone.z + shift[2];
        const tx = px - c * px - s * pz, tz = pz + s * px - c * pz;
        if (b === 0) pose.set([c, s, tx, tz + bob(phase)], 0);
        else {
          const o = bone.parent * 4, pc = pose[o], ps = pose[o + 1];
          pose.set([pc * c - ps * s, pc * s + ps * c, pc * tx + ps * tz + pose[o + 2], -ps * tx + pc * tz + pose[o + 3]], b * 4);
        }
      }
      const p = new Float32Array(positions.length), n = new Float32Array(normals.length);
      for (let v = 0; v < of.length; v++) {
        const o = of[v] * 4, i = v * 3;
        const c = pose[o], s = pose[o + 1];
        p[i] = c * positions[i] + s * positions[i + 2] + pose[o + 2];
        p[i + 1] = positions[i + 1]!;
        p[i + 2] = -s * positions[i] + c * positions[i + 2] + pose[o + 3];
        n[i] = c * normals[i] + s * normals[i + 2];
        n[i + 1] = normals[i + 1]!;
        n[i + 2] = -s * normals[i] + c * normals[i + 2];
      }
      return { positions: p, normals: n };
    },
  });
}
