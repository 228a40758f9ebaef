import type { ParameterStore } from '../parameters/store.js';
import type { DepthEncoding } from '../topics/depth.js';
import type { ConvertOptions } from '../topics/registry.js';
import type { CameraMount } from '../topics/tf-static.js';

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
    ...(parameters.flag('publish_tf') && { mount: cameraMount(parameters) }),
  };
}

const POSE = ['x', 'y', 'z', 'roll', 'pitch', 'yaw'] as const;

/** Where the camera sits, as the parameters have it now. The base frame is in it where somebody gave it or a pose: the robot may have a camera frame of its own. */
export function cameraMount(parameters: ParameterStore): CameraMount {
  const asked = parameters.given('base_frame') || POSE.some((axis) => parameters.given(`camera_pose.${axis}`));
  const [x, y, z, roll, pitch, yaw] = POSE.map((axis) => parameters.number(`camera_pose.${axis}`));
  return { ...(asked && { baseFrame: parameters.text('base_frame') }), cameraFrame: parameters.text('camera_frame'), xyz: [x, y, z], rpy: [roll, pitch, yaw] };
}
