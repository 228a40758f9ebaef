import { SextantError, scaleCamera as scaled } from '@sextant/core';
import type { CameraModel } from '@sextant/core';

/**
 * The same camera for pictures of another size: intrinsics of a picture that was resized, not cropped (`scaleCamera` of
 * `@sextant/core` does not ask). The same size gives the same object.
 *
 * @throws SextantError `bad-config` when the aspect differs by more than a pixel of rounding.
 */
export function scaleCamera(camera: CameraModel, width: number, height: number): CameraModel {
  const sx = width / camera.width;
  // Both ways round, since either size may be the rounded one.
  const off = Math.min(Math.abs(camera.height * sx - height), Math.abs(height / sx - camera.height));
  if (off > 1) {
    throw new SextantError(
      'bad-config',
      `the calibration is for ${camera.width}x${camera.height}, the pictures are ${width}x${height}: another aspect, so they were cropped or are another camera's`,
      {
        hint: `Calibrate at ${width}x${height} or at another size of the same aspect.`,
        details: { calibration: [camera.width, camera.height], pictures: [width, height] },
      },
    );
  }
  return scaled(camera, width, height);
}
