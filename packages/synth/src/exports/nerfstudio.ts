import type { CameraModel } from '@sextant/core';
import type { PosedFrame } from './tum.js';

/**
 * A clip as nerfstudio's (and instant-ngp's) `transforms.json`: intrinsics, and for each frame the pose in OpenGL's axes (x right, y up,
 * z backwards), metres. `depth_unit_scale_factor` turns the depth files' values into metres. Paths are relative to the clip.
 */
export function nerfstudioTransforms({ width, height, k, d, distortionModel }: CameraModel, frames: readonly PosedFrame[], hasDepth: boolean): Readonly<Record<string, unknown>> {
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0] = distortionModel === 'none' ? [] : d;
  return {
    // OpenCV's model counts pixels from the corner of the first one, ours from its middle.
    camera_model: 'OPENCV', w: width, h: height, fl_x: k[0], fl_y: k[4], cx: k[2] + 0.5, cy: k[5] + 0.5, k1, k2, p1, p2, k3,
    ...(hasDepth && { depth_unit_scale_factor: 0.001 }),
    frames: frames.map(({ index, cam2world }) => {
      const name = `${String(index).padStart(6, '0')}.png`;
      // Optical y and z point down and forward.
      return { file_path: `rgb/${name}`, ...(hasDepth && { depth_file_path: `depth/${name}` }), transform_matrix: cam2world.map(([x, y, z, t]) => [x, 0 - y, 0 - z, t]) };
    }),
  };
}
