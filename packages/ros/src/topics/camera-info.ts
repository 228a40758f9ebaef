import type { CameraModel, Frame } from '@sextant/core';
import type { CameraInfo } from '../messages/types.js';
import { headerOf } from './header.js';

/**
 * Intrinsics for the same view on another grid. Pixels are measured from the centre of the top-left pixel, so the principal
 * point moves by half a pixel before and after scaling; D and R do not depend on the grid.
 */
export function scaleCamera(camera: CameraModel, width: number, height: number): CameraModel {
  if (camera.width === width && camera.height === height) return camera;
  const sx = width / camera.width;
  const sy = height / camera.height;
  const k = [...camera.k];
  const p = [...camera.p];
  for (const [matrix, columns] of [[k, 3], [p, 4]] as const) {
    matrix[0] = (matrix[0] ?? 0) * sx;
    matrix[1] = (matrix[1] ?? 0) * sx;
    matrix[2] = ((matrix[2] ?? 0) + 0.5) * sx - 0.5;
    matrix[columns + 1] = (matrix[columns + 1] ?? 0) * sy;
    matrix[columns + 2] = ((matrix[columns + 2] ?? 0) + 0.5) * sy - 0.5;
  }
  p[3] = (p[3] ?? 0) * sx; // Tx = -fx' * baseline
  p[7] = (p[7] ?? 0) * sy;
  return { ...camera, width, height, k, p };
}

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
