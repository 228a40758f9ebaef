import type { CameraModel } from '../types/camera-info.js';
import type { MapSize } from '../types/perception.js';
import type { Intrinsics } from './intrinsics.js';

/**
 * A camera without a lens (sensor_msgs/CameraInfo). Where nothing else is said its pixels are square and its principal point is the middle of the picture.
 */
export function pinholeCamera({ width, height }: MapSize, intrinsics: Pick<Intrinsics, 'fx' | 'provenance'> & Partial<Intrinsics>): CameraModel {
  const { fx, fy = fx, cx = (width - 1) / 2, cy = (height - 1) / 2, provenance } = intrinsics;
  return {
    width, height, distortionModel: 'none', d: [], k: [fx, 0, cx, 0, fy, cy, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: [fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0], provenance,
  };
}
