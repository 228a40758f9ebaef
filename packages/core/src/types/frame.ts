import type { CameraModel } from './camera-info.js';

/** One camera picture. Frames are immutable: whoever receives one may keep it, nobody may write into `rgb`. */
export interface Frame {
  /** Capture time, nanoseconds since the Unix epoch (or since the start of the source for files and simulation). */
  readonly stamp: bigint;
  /** TF frame, by REP-103/105 the optical one, e.g. `camera_optical_frame`. */
  readonly frameId: string;
  /** Counts every picture the source produced, dropped ones included: a gap is a drop. */
  readonly sequence: number;
  readonly width: number;
  readonly height: number;
  /** Row-major rgb8, `width * height * 3` bytes. */
  readonly rgb: Uint8Array;
  /** Absent when the source knows no intrinsics; depth is then relative. */
  readonly camera?: CameraModel;
  /** The picture and its camera before `rectify()` took the lens out; absent where nothing was taken out. */
  readonly raw?: { readonly rgb: Uint8Array; readonly camera: CameraModel };
}
