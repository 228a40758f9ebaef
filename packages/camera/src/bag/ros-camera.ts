import { SextantError } from '@sextant/core';
import type { CameraModel, DistortionModel } from '@sextant/core';
import { rectifiedCamera } from '../rectify/rectified-camera.js';

/** A sensor_msgs/CameraInfo. */
export interface RosCameraInfo {
  /** Size of the picture that the camera was calibrated with, pixels. */
  readonly width: number;
  readonly height: number;
  readonly distortion_model: string;
  readonly d: ArrayLike<number>;
  readonly k: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  readonly p: ArrayLike<number>;
  /** The part of that picture that is sent, in its pixels, before any binning; a size of 0, or none, for all of it. */
  readonly roi?: { readonly x_offset: number; readonly y_offset: number; readonly width: number; readonly height: number };
}

const LENSES: Readonly<Record<string, DistortionModel>> = { plumb_bob: 'plumb_bob', rational_polynomial: 'rational_polynomial', equidistant: 'equidistant', fisheye: 'equidistant', '': 'none', none: 'none' };

/**
 * A sensor_msgs/CameraInfo as the intrinsics of the raw picture, cropped to its region of interest; undefined where the camera is not
 * calibrated (K is zero, as drivers then write). Binning is left to `scaleCamera`, which knows the pictures' size.
 * @throws SextantError `unsupported` for an unknown lens model.
 */
export function cameraFromRos(info: RosCameraInfo, name: string): CameraModel | undefined {
  const k = Array.from(info.k);
  if (!(k[0] > 0) || !(k[4] > 0) || !(info.width > 0) || !(info.height > 0)) return undefined;
  const d = Array.from(info.d);
  const lens = Object.hasOwn(LENSES, info.distortion_model) ? LENSES[info.distortion_model] : undefined;
  if (lens === undefined) {
    throw new SextantError('unsupported', `${name} has the lens model '${info.distortion_model}'`, { hint: `Known: ${Object.keys(LENSES).filter(Boolean).join(', ')}.`, details: { topic: name, model: info.distortion_model } });
  }
  // Without coefficients a Brown-Conrady lens is none, but an equidistant one still bends by theta.
  const flat = lens !== 'equidistant' && d.every((c) => c === 0);
  const p = Array.from(info.p);
  const r = Array.from(info.r);
  const camera: CameraModel = {
    width: info.width, height: info.height, k, distortionModel: flat ? 'none' : lens, d: flat ? [] : d,
    r: r.some((v) => v !== 0) ? r : [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: p[0] > 0 ? p : [k[0], k[1], k[2], 0, k[3], k[4], k[5], 0, k[6], k[7], k[8], 0],
    provenance: 'calibrated',
  };
  return crop(camera, info.roi);
}

/** The camera of a window of its picture: only the principal point moves. */
function crop(camera: CameraModel, roi: RosCameraInfo['roi']): CameraModel {
  if (roi === undefined || !(roi.width > 0) || !(roi.height > 0)) return camera;
  const { x_offset: x, y_offset: y, width, height } = roi;
  const move = (matrix: readonly number[], row: number): number[] => matrix.map((value, i) => value - (i === 2 ? x : i === row + 2 ? y : 0));
  return { ...camera, width, height, k: move(camera.k, 3), p: move(camera.p, 4) };
}

/** The camera_info beside a topic of pictures, as image_transport pairs them. */
export function cameraInfoTopic(topic: string): string {
  return topic.replace(/\/compressed$/, '').replace(/\/[^/]*$/, '/camera_info');
}

/**
 * The camera of a topic's pictures by that of the raw ones: in ROS `image_raw` and `image_rect*` share one camera_info, whose D and K are
 * of the raw picture and whose P is of the rectified one.
 */
export function cameraOfTopic(camera: CameraModel, topic: string): CameraModel {
  return /\/image_rect[^/]*(\/compressed)?$/.test(topic) ? rectifiedCamera(camera) : camera;
}
