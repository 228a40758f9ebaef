import { classId } from '../classes.js';
import type { Drawable, Geometry, Mat4, Material } from '../render/types.js';
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
}

/**
 * A person of whom only the surface is known (a scan): never moves, has no skeleton and no DensePose parts.
 *
 * @param geometry Body frame: x forward, y left, z up, metres, standing on z = 0.
 */
export function createStaticPerson(geometry: Geometry, { instanceId, words = 'a person', seatHeight, materials }: StaticPersonOptions): PersonActor {
  let height = 0;
  for (let i = 2; i < geometry.positions.length; i += 3) height = Math.max(height, geometry.positions[i]);
  return {
    instanceId, words, height, labelled: false, speed: 0,
    ...(seatHeight === undefined ? {} : { seatHeight }),
    pose(_time: number, placement: Mat4, _previousTime: number, previousPlacement: Mat4): { drawables: Drawable[]; keypoints: [] } {
      return {
        drawables: [{
          geometry, transform: placement, previousTransform: previousPlacement, classId: classId('person'), instanceId,
          ...(materials ? { materials } : {}),
        }],
        keypoints: [],
      };
    },
  };
}
