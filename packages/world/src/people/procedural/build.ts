import type { Rng } from '../../math/rng.js';
import { BONE, BONES, BONE_COUNT } from '../body/bones.js';
import type { BoneName, RestSkeleton } from '../body/bones.js';
import type { Vec3 } from '../../render/types.js';

/** Who a procedural person is. Lengths in metres. */
export interface Build {
  readonly sex: 'female' | 'male';
  readonly child: boolean;
  readonly height: number;
  /** Factor on all girths, about 0.85 .. 1.3. */
  readonly girth: number;
  /** Head height, chin to crown. */
  readonly head: number;
}

export function drawBuild(rng: Rng): Build {
  const sex = rng.chance(0.5) ? 'female' : 'male';
  const child = rng.chance(0.12);
  const height = child ? rng.range(1.05, 1.45) : Math.min(2.02, Math.max(1.45, (sex === 'female' ? 1.63 : 1.76) + 0.07 * rng.normal()));
  const girth = Math.min(1.35, Math.max(0.86, 1.03 + 0.1 * rng.normal()));
  return { sex, child, height, girth, head: 0.075 * height + 0.095 };
}

/** Direction of the left arm at rest: down and a little out. Unit length. */
export const ARM_REST: Vec3 = [0, 0.342, -0.9397];

/**
 * Joints of a standing body with its arms a little apart, after the segment lengths of Drillis and Contini (1966), as given
 * in Winter, Biomechanics and Motor Control of Human Movement, figure 4.1 (fractions of the height).
 */
export function buildSkeleton({ height: h, sex, head }: Build): RestSkeleton {
  const shoulder = sex === 'male' ? 0.11 : 0.1;
  const chin = h - head;
  const arm = (s: number): Vec3 => [0, (shoulder + s * ARM_REST[1]) * h, (0.8 + s * ARM_REST[2]) * h];
  const left: Partial<Record<BoneName, Vec3>> = {
    pelvis: [0, 0, 0.53 * h], spine: [0, 0, 0.575 * h], chest: [0, 0, 0.64 * h], thorax: [0, 0, 0.71 * h],
    neck: [-0.006 * h, 0, 0.828 * h], neckUpper: [0, 0, chin - 0.012 * h], head: [0.004 * h, 0, chin + 0.02 * h],
    clavicleL: [0, 0.02 * h, 0.8 * h], upperArmL: arm(0), foreArmL: arm(0.186), handL: arm(0.332),
    thighL: [0, 0.052 * h, 0.515 * h], shinL: [0, 0.052 * h, 0.285 * h], footL: [0, 0.052 * h, 0.042 * h],
  };
  const ends: Partial<Record<BoneName, Vec3>> = {
    head: [0.004 * h, 0, h], handL: arm(0.44), footL: [0.1 * h, 0.052 * h, 0.012 * h], pelvis: left.spine!, thorax: left.neck!,
  };
  const mirrored = (name: BoneName, of: Partial<Record<BoneName, Vec3>>): Vec3 | undefined => {
    if (!name.endsWith('R')) return of[name];
    const [x, y, z] = of[`${name.slice(0, -1)}L` as BoneName] ?? [NaN, NaN, NaN];
    return Number.isNaN(x) ? undefined : [x, -y, z];
  };
  const heads = new Float64Array(3 * BONE_COUNT);
  const directions = new Float64Array(3 * BONE_COUNT);
  BONES.forEach((name, b) => heads.set(mirrored(name, left)!, 3 * b));
  BONES.forEach((name, b) => {
    const end = mirrored(name, ends) ?? heads.subarray(3 * (b + 1), 3 * (b + 1) + 3);
    for (let k = 0; k < 3; k++) directions[3 * b + k] = end[k] - heads[3 * b + k];
  });
  return { heads, directions };
}

/** A bone's joint at rest. */
export function jointAt(skeleton: RestSkeleton, bone: BoneName): Vec3 {
  const o = 3 * BONE[bone];
  return [skeleton.heads[o], skeleton.heads[o + 1], skeleton.heads[o + 2]];
}

