import { scaleCamera } from '@sextant/core';
import type { Perception } from '@sextant/core';
import type { DisparityImage } from '../messages/types.js';
import { knownCamera } from './camera-info.js';
import { isMetric } from './depth.js';
import { headerOf } from './header.js';
import { imageOf } from './image.js';

/** Nearest and farthest depth of the search range that DisparityImage declares, metres. */
const NEAR = 0.1;
const FAR = 100;

/**
 * `depth/disparity`: what a rectified stereo pair of `baseline` metres would have measured, d = f * baseline / z, for consumers of
 * stereo_image_proc. It is derived from the depth of one camera. Pixels without depth are min_disparity - 1, as stereo_image_proc
 * writes them. Needs intrinsics and a known scale.
 */
export function disparityImage({ frame, depth }: Perception, baseline: number): DisparityImage | undefined {
  const camera = knownCamera(frame);
  if (depth === undefined || camera === undefined || !isMetric(depth)) return undefined;
  const { width, height, metres } = depth;
  const [f] = scaleCamera(camera, width, height).k as [number];
  const [least, most] = [(f * baseline) / FAR, (f * baseline) / NEAR];
  const none = least - 1;
  const values = new Float32Array(metres.length);
  for (let i = 0; i < values.length; i++) {
    const d = (f * baseline) / metres[i];
    values[i] = d >= least && d <= most ? d : none;
  }
  return {
    header: headerOf(frame),
    image: imageOf(frame, width, height, '32FC1', values),
    f,
    t: baseline,
    valid_window: { x_offset: 0, y_offset: 0, height, width, do_rectify: false },
    min_disparity: least,
    max_disparity: most,
    delta_d: 0,
  };
}
