import { scaleCamera } from '@sextant/core';
import type { CameraModel, Frame } from '@sextant/core';
import type { CameraInfo } from '../messages/types.js';
import { headerOf } from './header.js';

/** The frame's intrinsics where they are known; a guessed field of view must not go out as a calibration. */
export function knownCamera(frame: Frame): CameraModel | undefined {
  return frame.camera?.provenance === 'guessed' ? undefined : frame.camera;
}

/** `*\/camera_info` for a picture of `width` x `height` taken by the frame's camera, or undefined without known intrinsics. */
export function cameraInfo(frame: Frame, width: number, height: number): CameraInfo | undefined {
  const known = knownCamera(frame);
  if (known === undefined) return undefined;
  const camera = scaleCamera(known, width, height);
  // image_geometry knows no empty model: an ideal pinhole is plumb_bob with zero coefficients.
  const ideal = camera.distortionModel === 'none';
  return {
    header: headerOf(frame),
    height,
    width,
    distortion_model: ideal ? 'plumb_bob' : camera.distortionModel,
    d: ideal ? new Float64Array(5) : Float64Array.from(camera.d),
    k: Float64Array.from(camera.k),
    r: Float64Array.from(camera.r),
    p: Float64Array.from(camera.p),
    binning_x: 0,
    binning_y: 0,
    roi: { x_offset: 0, y_offset: 0, height: 0, width: 0, do_rectify: false },
  };
}
