import { SextantError } from '@sextant/core';
import type { CameraModel } from '@sextant/core';

/**
 * The same camera for pictures of another size: intrinsics of a picture that was resized, not cropped. The lens
 * coefficients stay, they are about angles. Pixel centres are at integers, so 0.5 goes before and after the scaling.
 *
 * @throws SextantError `bad-config` when the aspect differs by more than a pixel of rounding.
 */
export function scaleCamera(camera: CameraModel, width: number, height: number): CameraModel {
  if (camera.width === width && camera.height === height) return camera;
  const [sx, sy] = [width / camera.width, height / camera.height];
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
  const row = (values: readonly number[], columns: number): number[] =>
    values.map((value, i) => {
      const [r, c] = [Math.floor(i / columns), i % columns];
      if (r === 2) return value;
      const s = r === 0 ? sx : sy;
      return c === 2 ? (value + 0.5) * s - 0.5 : value * s;
    });
  return { ...camera, width, height, k: row(camera.k, 3), p: row(camera.p, 4) };
}
