import type { CameraModel, Frame } from '@sextant/core';
import { Observable, map } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { scaleCamera } from '../calibration/scale-camera.js';
import { isRectified, rectifiedCamera } from '../rectify/rectified-camera.js';
import { createRemap } from '../rectify/remap.js';
import type { Remap } from '../rectify/remap.js';
import { undistortTable } from '../rectify/undistort-table.js';

/** The work for one camera at one picture size, kept until either changes. */
interface Prepared {
  readonly from: CameraModel;
  readonly width: number;
  readonly height: number;
  /** Absent where no pixel would change. */
  readonly remap: Remap | undefined;
  readonly camera: CameraModel;
}

function prepare(from: CameraModel, width: number, height: number): Prepared {
  const camera = scaleCamera(from, width, height);
  if (isRectified(camera)) return { from, width, height, remap: undefined, camera };
  return { from, width, height, remap: createRemap(undistortTable(camera), camera), camera: rectifiedCamera(camera) };
}

/** Equal by value: a camera that came through a worker or a message is another object each time. */
function sameCamera(a: CameraModel, b: CameraModel): boolean {
  if (a === b) return true;
  const same = (x: readonly number[], y: readonly number[]): boolean => x.length === y.length && x.every((value, i) => value === y[i]);
  return (
    a.width === b.width && a.height === b.height && a.distortionModel === b.distortionModel &&
    same(a.d, b.d) && same(a.k, b.k) && same(a.r, b.r) && same(a.p, b.p)
  );
}

/**
 * Takes the lens out of the picture (`image_rect` of ROS's image_pipeline): straight lines become straight, and the
 * frame's camera becomes the pinhole that P describes, `distortionModel` `none`; the picture as it came stays in `raw`. The table is
 * built once per camera.
 *
 * A frame without distortion, or without intrinsics, goes through unchanged, the same object while its camera is the same one. `calibration` stands in
 * for (and overrides) what the frames say about their camera; it is scaled to their size.
 *
 * @throws SextantError (through the observable) `bad-config` when `calibration` is for another aspect.
 */
export function rectify(calibration?: CameraModel): MonoTypeOperatorFunction<Frame> {
  return (source) =>
    new Observable((subscriber) => {
      let prepared: Prepared | undefined;
      const rectified = map((frame: Frame): Frame => {
        const { width, height } = frame;
        const from = calibration ?? frame.camera;
        if (from === undefined) return frame;
        if (prepared?.width !== width || prepared.height !== height || !sameCamera(prepared.from, from)) prepared = prepare(from, width, height);
        const { remap, camera } = prepared;
        if (remap !== undefined) return { ...frame, camera, rgb: remap(frame.rgb), raw: { rgb: frame.rgb, camera: scaleCamera(from, width, height) } };
        return frame.camera === camera ? frame : { ...frame, camera }; // one object as long as nothing changes: tables are kept by it
      });
      return source.pipe(rectified).subscribe(subscriber);
    });
}
