import { classId } from '../../classes.js';
import type { Drawable, Geometry, Mat4, Vec3 } from '../../render/types.js';
import type { Grip, PersonActor } from '../../scene/library.js';
import type { Motion, Pose } from '../motion/motion.js';
import { createPose } from '../motion/motion.js';
import type { RestSkeleton } from './bones.js';
import { BONE } from './bones.js';
import type { SkinnedSurface } from './skinning.js';
import { boneTransforms, skin, transformPoint } from './skinning.js';

/** A joint to report: its place at rest and the bone that carries it. */
export interface Keypoint {
  readonly bone: number;
  readonly rest: Vec3;
}

export interface BodyActorOptions {
  readonly instanceId: number;
  readonly skeleton: RestSkeleton;
  readonly surface: SkinnedSurface;
  readonly geometry: Geometry;
  /** 17, in COCO's order. */
  readonly keypoints: readonly Keypoint[];
  readonly motion: Motion;
  /** Where in the motion `time` 0 falls, seconds. */
  readonly phase: number;
  readonly speed: number;
  readonly seated: boolean;
  readonly grip?: Grip;
  readonly words: string;
  readonly emptyHanded?: string;
}

interface Posed {
  readonly time: number;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly keypoints: readonly Vec3[];
}

/** A person made of a skinned surface and a motion: poses it, puts its lowest point on the floor, remembers the last two poses. */
export class BodyActor implements PersonActor {
  readonly instanceId: number;
  readonly labelled = true;
  readonly height: number;
  readonly speed: number;
  readonly seatHeight?: number;
  readonly grip?: Grip;
  readonly words: string;
  readonly emptyHanded?: string;
  private readonly recent: Posed[] = [];
  private readonly pose_: Pose = createPose();

  constructor(private readonly body: BodyActorOptions) {
    this.instanceId = body.instanceId;
    this.speed = body.speed;
    this.words = body.words;
    if (body.grip) this.grip = body.grip;
    if (body.emptyHanded !== undefined) this.emptyHanded = body.emptyHanded;
    this.height = extent(body.surface.positions);
    if (body.seated) this.seatHeight = seatUnder(body.surface, this.at(0).positions);
  }

  pose(time: number, placement: Mat4, previousTime: number, previousPlacement: Mat4): { drawables: Drawable[]; keypoints: Vec3[] } {
    const before = this.at(previousTime);
    const now = this.at(time);
    const keypoints = now.keypoints.map(([x, y, z]): Vec3 => [
      placement[0] * x + placement[1] * y + placement[2] * z + placement[3],
      placement[4] * x + placement[5] * y + placement[6] * z + placement[7],
      placement[8] * x + placement[9] * y + placement[10] * z + placement[11],
    ]);
    return {
      drawables: [{
        geometry: this.body.geometry, transform: placement, previousTransform: previousPlacement,
        positions: now.positions, normals: now.normals, previousPositions: before.positions,
        classId: classId('person'), instanceId: this.instanceId,
      }],
      keypoints,
    };
  }

  /** The body at a time, local frame. Its arrays are shared with earlier results for the same time; never written again. */
  private at(time: number): Posed {
    const known = this.recent.find((posed) => posed.time === time);
    if (known) return known;
    const { skeleton, surface, motion, phase, keypoints } = this.body;
    const pose = this.pose_;
    motion.sample(time + phase, pose);
    const hips = 3 * BONE.pelvis;
    const transforms = boneTransforms(skeleton, pose.rotations, [
      pose.root[0] - skeleton.heads[hips], pose.root[1] - skeleton.heads[hips + 1], 0,
    ]);
    const { positions, normals } = skin(surface, transforms);
    let floor = Infinity;
    for (let i = 2; i < positions.length; i += 3) if (positions[i] < floor) floor = positions[i]!;
    for (let i = 2; i < positions.length; i += 3) positions[i] -= floor;
    const posed = {
      time, positions, normals,
      keypoints: keypoints.map(({ bone, rest }): Vec3 => {
        const [x, y, z] = transformPoint(transforms, bone, ...rest);
        return [x, y, z - floor];
      }),
    };
    this.recent.push(posed);
    if (this.recent.length > 2) this.recent.shift();
    return posed;
  }
}

/** Height of a point cloud. */
function extent(positions: Float32Array): number {
  let low = Infinity, high = -Infinity;
  for (let i = 2; i < positions.length; i += 3) {
    low = Math.min(low, positions[i]);
    high = Math.max(high, positions[i]);
  }
  return high - low;
}

/** Height of the lowest point of hips and thighs near the hips: what a seat must have to carry them. */
function seatUnder(surface: SkinnedSurface, positions: Float32Array): number {
  let low = Infinity;
  for (let v = 0; v < positions.length / 3; v++) {
    const bone = surface.bones[4 * v];
    if (bone !== BONE.pelvis && bone !== BONE.thighL && bone !== BONE.thighR) continue;
    const x = positions[3 * v];
    if (x > -0.1 && x < 0.2) low = Math.min(low, positions[3 * v + 2]);
  }
  return low;
}
