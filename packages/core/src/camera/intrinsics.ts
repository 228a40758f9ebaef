import type { CameraModel } from '../types/camera-info.js';
import type { MapSize } from '../types/perception.js';

/** Focal length assumed where nobody knows a camera's, as a part of its picture's width: about 58 degrees across. */
export const GUESSED_FOCAL = 0.9;

/**
 * The pinhole camera of a map, in pixels of that map, measured from the centre of its top-left pixel: a pixel (x, y) of depth z is at
 * ((x - cx) z / fx, (y - cy) z / fy, z) in the optical frame (REP-103: x right, y down).
 */
export interface Intrinsics {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  /** `guessed`: nobody told the camera's, and these are what the model assumed. */
  readonly provenance: CameraModel['provenance'];
}

/** Intrinsics of a map of `width` x `height` over the whole of a picture; guessed where the picture's camera is unknown. */
export function intrinsicsOf(picture: MapSize & { readonly camera?: CameraModel }, { width, height }: MapSize): Intrinsics {
  const { camera } = picture;
  const [sx, sy] = [width / (camera ?? picture).width, height / (camera ?? picture).height];
  const guess = GUESSED_FOCAL * picture.width;
  const [fx, fy, cx, cy] = camera ? [camera.k[0], camera.k[4], camera.k[2], camera.k[5]] : [guess, guess, (picture.width - 1) / 2, (picture.height - 1) / 2];
  return { fx: fx * sx, fy: fy * sy, cx: (cx + 0.5) * sx - 0.5, cy: (cy + 0.5) * sy - 0.5, provenance: camera?.provenance ?? 'guessed' };
}
