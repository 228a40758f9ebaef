import type { ParameterStore } from '../parameters/store.js';
import type { DepthEncoding } from '../topics/depth.js';
import type { ConvertOptions } from '../topics/registry.js';

/** What the converters are told, as the parameters have it now. */
export function convertOptions(parameters: ParameterStore): ConvertOptions {
  const number = (name: string): number => parameters.number(name);
  return {
    depthEncoding: parameters.text('depth.encoding') as DepthEncoding,
    pointDecimation: number('points.decimation'),
    pointsOrganised: parameters.flag('points.organised'),
    pointsRate: number('points.rate'),
    disparityBaseline: number('disparity.baseline'),
    compression: {
      jpegQuality: number('compressed.jpeg_quality'),
      pngLevel: number('compressed.png_level'),
      depthMax: number('compressed_depth.depth_max'),
      depthQuantization: number('compressed_depth.depth_quantization'),
    },
    ...(parameters.flag('publish_tf') && {
      mount: {
        baseFrame: parameters.text('base_frame'),
        cameraFrame: parameters.text('camera_frame'),
        xyz: [number('camera_pose.x'), number('camera_pose.y'), number('camera_pose.z')] as const,
        rpy: [number('camera_pose.roll'), number('camera_pose.pitch'), number('camera_pose.yaw')] as const,
      },
    }),
  };
}
