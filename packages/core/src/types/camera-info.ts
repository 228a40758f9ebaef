/** Lens models of sensor_msgs/CameraInfo; `none` is a rectified or ideal pinhole camera (D is empty). */
export type DistortionModel = 'none' | 'plumb_bob' | 'rational_polynomial' | 'equidistant';

/**
 * Intrinsics of one camera for one picture size, with the field meanings of sensor_msgs/CameraInfo.
 * Pixels are measured from the centre of the top-left pixel; the optical frame has z forward, x right, y down (REP-103).
 */
export interface CameraModel {
  readonly width: number;
  readonly height: number;
  readonly distortionModel: DistortionModel;
  /** Distortion coefficients in OpenCV's order (see `lensOf`); empty for `none`. */
  readonly d: readonly number[];
  /** 3x3 intrinsic matrix, row-major. */
  readonly k: readonly number[];
  /** 3x3 rectification rotation, row-major. */
  readonly r: readonly number[];
  /** 3x4 projection matrix of the rectified picture, row-major. */
  readonly p: readonly number[];
  /** `simulated` and `calibrated` intrinsics are known; a `guessed` field of view makes depth relative. */
  readonly provenance: 'simulated' | 'calibrated' | 'guessed';
}
