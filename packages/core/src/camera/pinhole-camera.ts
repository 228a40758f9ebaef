import type { CameraModel } from '../types/camera-info.js';
import type { MapSize } from '../types/perception.js';
import { GUESSED_FOCAL } from './intrinsics.js';

/**
 * A camera without a lens, with its principal point in the middle of the picture and square pixels (sensor_msgs/CameraInfo).
 * @param focal pixels. @default what is assumed where nobody knows
 */
export function pinholeCamera({ width, height }: MapSize, focal = GUESSED_FOCAL * width, provenance: CameraModel['provenance'] = 'guessed'): CameraModel {
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    width, height, distortionModel: 'none', d: [], k: [focal, 0, cx, 0, focal, cy, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: [focal, 0, cx, 0, 0, focal, cy, 0, 0, 0, 1, 0], provenance,
  };
}
