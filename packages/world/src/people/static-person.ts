import { classId } from '../classes.js';
import { transformPoint } from '../math/mat4.js';
import type { Drawable, Geometry, Mat4, Material, Vec3 } from '../render/types.js';
import type { PersonActor } from '../scene/library.js';

export interface StaticPersonOptions {
  /** 1..65535, unique in the world. */
  readonly instanceId: number;
  /** Caption words, "a standing man". Default "a person". */
  readonly words?: string;
  /** Height of the seat for a person who sits; the geometry's origin is then on the floor under the hips. */
  readonly seatHeight?: number;
  /** Recoloured materials of this copy. */
  readonly materials?: readonly Material[];
  /** 17 in COCO's order, in the geometry's frame, where somebody knows them. */
  readonly joints?: readonly Vec3[];
}

/**
 * A person of whom only the surface is known (a scan): never moves and has no DensePose parts. Its joints are those that a teacher saw, if any did: not `labelled`, since they are no exact truth.
 *
 * @param geometry Body frame: x forward, y left, z up, metres, standing on z = 0.
 */
export function createStaticPerson(geometry: Geometry, { instanceId, words = 'a person', seatHeight, materials, joints = [] }: StaticPersonOptions): PersonActor {
  let height = 0;
  for (let i = 2; i < geometry.positions.length; i += 3) height = Math.max(height, geometry.positions[i]);
  return {
    instanceId, words, height, labelled: false, speed: 0,
    ...(seatHeight === undefined ? {} : { seatHeight }),
    pose(_time: number, placement: Mat4, _previousTime: number, previousPlacement: Mat4): { drawables: Drawable[]; keypoints: Vec3[] } {
      return {
        drawables: [{
          geometry, transform: placement, previousTransform: previousPlacement, classId: classId('person'), instanceId,
          ...(materials ? { materials } : {}),
        }],
        keypoints: joints.map((joint) => transformPoint(placement, joint)),
      };
    },
  };
}
