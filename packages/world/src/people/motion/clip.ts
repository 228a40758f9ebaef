import { BONE, BONES, BONE_COUNT, LIMB_BONES, PARENT } from '../body/bones.js';
import { copy, multiply } from '../body/quaternion.js';
import { cos, sin } from '../../math/deterministic.js';
import { sourceNames } from './bone-names.js';
import type { Bvh } from './bvh.js';

/** A recorded motion as world rotations of our bones, in the body's axes (x forward, y left, z up), before any fitting. */
export interface Clip {
  readonly name: string;
  readonly frameCount: number;
  readonly frameTime: number;
  /** Per frame and bone a quaternion: the source bone's rotation from its own rest pose. */
  readonly rotations: Float64Array;
  /** Per bone: whether the source has it; others follow their parent. */
  readonly mapped: readonly boolean[];
  /** Per limb bone: the source's rest direction; absent where the source's rest pose is the target's. */
  readonly restDirections: readonly (readonly [number, number, number] | undefined)[];
  /** Per frame xyz of the source's root, source units. */
  readonly roots: Float64Array;
  /** Upper plus lower leg of the source, source units (to scale `roots`). */
  readonly legLength: number;
}

type Axes = 'y-up' | 'z-up';

/** Source axes -> body axes. y-up sources face +z with their left at +x; MakeHuman's z-up ones face -y. */
const convert = (axes: Axes, x: number, y: number, z: number): [number, number, number] => (axes === 'y-up' ? [z, x, y] : [-y, x, z]);

/** Body axis (0 x, 1 y, 2 z) and sign that a source rotation axis becomes. */
const ROTATION_AXES: Readonly<Record<Axes, Readonly<Record<string, readonly [axis: number, sign: number]>>>> = {
  'y-up': { Xrotation: [1, 1], Yrotation: [2, 1], Zrotation: [0, 1] },
  'z-up': { Xrotation: [1, 1], Yrotation: [0, -1], Zrotation: [2, 1] },
};

/**
 * Reads the world rotations out of a BVH file.
 *
 * @param axes `z-up` for MakeHuman's own files.
 * @param sameRest true where the source's rest pose is the MakeHuman rig's, so that no limb is aligned.
 */
export function createClip(name: string, bvh: Bvh, axes: Axes, sameRest: boolean): Clip {
  const { joints, frameCount, channelCount, values } = bvh;
  const source = sourceNames(joints.map((joint) => joint.name));
  const indexOf = new Map(joints.map((joint, i) => [joint.name, i]));
  const from = BONES.map((bone) => (source[bone] === undefined ? -1 : indexOf.get(source[bone])!));
  const world = new Float64Array(4 * joints.length);
  const local = new Float64Array(4);
  const turn = new Float64Array(4);
  const rotations = new Float64Array(4 * BONE_COUNT * frameCount);
  const roots = new Float64Array(3 * frameCount);
  const rootIndex = joints.findIndex((joint) => joint.channels.includes('Xposition'));
  for (let f = 0; f < frameCount; f++) {
    joints.forEach((joint, j) => {
      local.set([0, 0, 0, 1]);
      const row = f * channelCount + joint.firstChannel;
      joint.channels.forEach((channel, c) => {
        const axis = ROTATION_AXES[axes][channel];
        if (!axis) return;
        const half = (values[row + c] * axis[1] * Math.PI) / 360;
        turn.fill(0);
        turn[axis[0]] = sin(half);
        turn[3] = cos(half);
        multiply(local, 0, local, 0, turn, 0);
      });
      if (joint.parent < 0) copy(world, j, local, 0);
      else multiply(world, j, world, joint.parent, local, 0);
    });
    if (rootIndex >= 0) {
      const joint = joints[rootIndex];
      const at = (channel: string): number => values[f * channelCount + joint.firstChannel + joint.channels.indexOf(channel)];
      roots.set(convert(axes, at('Xposition'), at('Yposition'), at('Zposition')), 3 * f);
    }
    from.forEach((j, b) => {
      const o = BONE_COUNT * f + b;
      if (j >= 0) copy(rotations, o, world, j);
      else copy(rotations, o, rotations, BONE_COUNT * f + PARENT[b]);
    });
  }
  const offsetTo = (b: number): readonly [number, number, number] | undefined => {
    const j = from[b];
    if (j < 0) return undefined;
    // The next joint down the limb: skip helper joints that sit on this one.
    let child = joints.findIndex((joint) => joint.parent === j && !joint.name.startsWith('__'));
    const next = b + 1 < BONE_COUNT && PARENT[b + 1] === b ? from[b + 1] : -1;
    if (next >= 0 && joints[next].parent === j) child = next;
    const offset = child >= 0 ? joints[child].offset : joints[j].endSite;
    return offset && offset[0] ** 2 + offset[1] ** 2 + offset[2] ** 2 > 1e-6 ? convert(axes, ...offset) : undefined;
  };
  const restDirections = BONES.map((_, b) => (sameRest || !LIMB_BONES.includes(b) ? undefined : offsetTo(b)));
  const length = (v: readonly number[] | undefined): number => (v ? Math.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2) : 0);
  const legLength = length(offsetTo(BONE.thighL)) + length(offsetTo(BONE.shinL));
  return { name, frameCount, frameTime: bvh.frameTime, rotations, mapped: from.map((j) => j >= 0), restDirections, roots, legLength };
}
