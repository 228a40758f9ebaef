import { lensOf, scaleCamera } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { IDENTITY, projectionOf, rectifiedCamera } from '../rectify/rectified-camera.js';

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
  /** Pixels of that part that became one of the picture's, across and down; 0, or none, for 1. */
  readonly binning_x?: number;
  readonly binning_y?: number;
}

/**
 * A sensor_msgs/CameraInfo as the intrinsics of the raw picture, cropped to its region of interest and binned, in both directions by their own
 * number; undefined where the camera is not calibrated (K is zero, as drivers then write). Pictures of another size are left to `scaleCamera`.
 * @throws SextantError `unsupported` for a lens that `lensOf` does not know; `name` is the topic, for that.
 */
export function cameraFromRos(info: RosCameraInfo, name: string): CameraModel | undefined {
  const k = Array.from(info.k);
  if (!(k[0] > 0) || !(k[4] > 0) || !(info.width > 0) || !(info.height > 0)) return undefined;
  const p = Array.from(info.p);
  const r = Array.from(info.r);
  const camera: CameraModel = {
    width: info.width, height: info.height, k, ...lensOf(info.distortion_model, Array.from(info.d), name),
    r: r.some((v) => v !== 0) ? r : IDENTITY,
    p: p[0] > 0 ? p : projectionOf(k),
    provenance: 'calibrated',
  };
  return bin(crop(camera, info.roi), info);
}

/** The camera of a window of its picture: only the principal point moves. */
function crop(camera: CameraModel, roi: RosCameraInfo['roi']): CameraModel {
  if (roi === undefined || !(roi.width > 0) || !(roi.height > 0)) return camera;
  const { x_offset: x, y_offset: y, width, height } = roi;
  const move = (matrix: readonly number[], row: number): number[] => matrix.map((value, i) => value - (i === 2 ? x : i === row + 2 ? y : 0));
  return { ...camera, width, height, k: move(camera.k, 3), p: move(camera.p, 4) };
}

/** The camera of a picture whose pixels are blocks of another's; what is left of a last block is not there. */
function bin(camera: CameraModel, { binning_x, binning_y }: RosCameraInfo): CameraModel {
  const [width, height] = [camera.width / (binning_x || 1), camera.height / (binning_y || 1)];
  const binned = scaleCamera(camera, width, height);
  return binned === camera ? camera : { ...binned, width: Math.floor(width), height: Math.floor(height) };
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
