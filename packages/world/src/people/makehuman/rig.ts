import { BONE, BONES, BONE_COUNT } from '../body/bones.js';
import type { BoneName, RestSkeleton } from '../body/bones.js';

/** Metres per MakeHuman unit. Its files have x left, y up, z forward: the body's (x, y, z) is the file's (z, x, y). */
export const UNIT = 0.1;

/** The parts used of a .mhskel file: bones between joints, joints as the mean of base vertices. */
export interface SkeletonFile {
  readonly bones: Readonly<Record<string, { readonly head: string; readonly tail: string; readonly parent: string | null }>>;
  readonly joints: Readonly<Record<string, readonly number[]>>;
}

/** The weights of a .mhw file: per bone (vertex, weight) pairs. */
export type BoneWeights = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** MakeHuman's bone for each of ours. */
const MAKEHUMAN_BONE: Readonly<Record<BoneName, string>> = {
  pelvis: 'root', spine: 'spine05', chest: 'spine03', thorax: 'spine02', neck: 'neck01', neckUpper: 'neck02', head: 'head',
  clavicleL: 'clavicle.L', upperArmL: 'upperarm01.L', foreArmL: 'lowerarm01.L', handL: 'wrist.L',
  clavicleR: 'clavicle.R', upperArmR: 'upperarm01.R', foreArmR: 'lowerarm01.R', handR: 'wrist.R',
  thighL: 'upperleg01.L', shinL: 'lowerleg01.L', footL: 'foot.L', thighR: 'upperleg01.R', shinR: 'lowerleg01.R', footR: 'foot.R',
};

/** Joint at the far end of each of our bones: the next one's head, or for ends a joint further out. */
const FAR_END: Readonly<Partial<Record<BoneName, string>>> = {
  pelvis: 'spine05____head', thorax: 'neck01____head', head: 'head____tail',
  handL: 'finger3-1.L____head', handR: 'finger3-1.R____head', footL: 'toe2-1.L____head', footR: 'toe2-1.R____head',
};

/** The MakeHuman rig folded into our 21 bones. */
export class Rig {
  /** Weight of our bone b on base vertex v: `weights[BONE_COUNT * v + b]`, unnormalised. */
  readonly weights: Float32Array;
  private readonly heads: readonly (readonly number[])[];
  private readonly ends: readonly (readonly number[])[];
  private readonly boneOf = new Map<string, number>();

  constructor(skeleton: SkeletonFile, weights: BoneWeights, vertexCount: number) {
    const joint = (name: string): readonly number[] => skeleton.joints[name];
    this.heads = BONES.map((bone) => joint(skeleton.bones[MAKEHUMAN_BONE[bone]].head));
    this.ends = BONES.map((bone, b) => {
      const end = FAR_END[bone];
      return end ? joint(end) : this.heads[b + 1];
    });
    const ours = new Map(BONES.map((bone, b) => [MAKEHUMAN_BONE[bone], b]));
    for (const name of Object.keys(skeleton.bones)) {
      let at: string | null = name;
      while (at !== null && !ours.has(at)) at = skeleton.bones[at].parent;
      this.boneOf.set(name, at === null ? BONE.pelvis : ours.get(at)!);
    }
    this.weights = new Float32Array(BONE_COUNT * vertexCount);
    for (const [name, list] of Object.entries(weights)) {
      const b = this.bone(name);
      for (const [v, w] of list) this.weights[BONE_COUNT * v + b] += w;
    }
  }

  /** Our bone that carries a MakeHuman bone. */
  bone(makehumanName: string): number {
    return this.boneOf.get(makehumanName) ?? BONE.pelvis;
  }

  /** Joints of a morphed base mesh, in the body's frame. */
  joints(base: Float32Array): RestSkeleton {
    const heads = new Float64Array(3 * BONE_COUNT);
    const directions = new Float64Array(3 * BONE_COUNT);
    for (let b = 0; b < BONE_COUNT; b++) {
      const head = meanPoint(base, this.heads[b]);
      const end = meanPoint(base, this.ends[b]);
      for (let k = 0; k < 3; k++) {
        heads[3 * b + k] = head[k]!;
        directions[3 * b + k] = end[k] - head[k];
      }
    }
    return { heads, directions };
  }
}

/** Mean of listed base vertices, converted to the body's frame and metres. */
export function meanPoint(base: Float32Array, vertices: readonly number[]): [number, number, number] {
  let x = 0, y = 0, z = 0;
  for (const v of vertices) {
    x += base[3 * v];
    y += base[3 * v + 1];
    z += base[3 * v + 2];
  }
  const s = UNIT / vertices.length;
  return [z * s, x * s, y * s];
}
