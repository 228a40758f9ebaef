import { SextantError, distortion } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { newCameraMatrix } from './rectified-camera.js';

/** For every pixel of the rectified picture, where to look in the camera's picture. */
export interface RemapTable {
  readonly width: number;
  readonly height: number;
  /** Column and row per pixel, interleaved, pixels of the camera's picture; may lie outside of it. */
  readonly points: Float32Array;
}

function inverse3(m: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  const [ca, cb, cc] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const det = a * ca + b * cb + c * cc;
  if (!Number.isFinite(det) || Math.abs(det) < 1e-12) {
    throw new SextantError('bad-config', 'the projection times the rectification matrix of the camera has no inverse', {
      hint: 'Calibrate the camera again, or leave R as identity and P equal to K.',
      details: { matrix: m },
    });
  }
  return [ca, c * h - b * i, b * f - c * e, cb, a * i - c * g, c * d - a * f, cc, b * g - a * h, a * e - b * d].map((v) => v / det);
}

const multiply3 = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: 9 }, (_, n) => {
    const [r, c] = [Math.floor(n / 3) * 3, n % 3];
    return a[r] * b[c] + a[r + 1] * b[c + 3] + a[r + 2] * b[c + 6];
  });

/**
 * The table of OpenCV's initUndistortRectifyMap, in plain TypeScript (without its 0.4 s and 125 MB of WebAssembly, and
 * ready at once): back through P and R to a ray, through the lens, through K to the camera's pixel.
 */
export function undistortTable(camera: CameraModel): RemapTable {
  const { width, height, k } = camera;
  const back = inverse3(multiply3(newCameraMatrix(camera), camera.r));
  const distort = distortion(camera);
  const [fx, , cx, , fy, cy] = k as [number, number, number, number, number, number];
  const points = new Float32Array(width * height * 2);
  for (let v = 0, o = 0; v < height; v += 1) {
    for (let u = 0; u < width; u += 1, o += 2) {
      const w = back[6] * u + back[7] * v + back[8];
      const [x, y] = distort((back[0] * u + back[1] * v + back[2]) / w, (back[3] * u + back[4] * v + back[5]) / w);
      // A ray beyond the lens's reach (w <= 0) shows nothing: far outside, hence black.
      points[o] = w > 0 ? fx * x + cx : -1e6;
      points[o + 1] = w > 0 ? fy * y + cy : -1e6;
    }
  }
  return { width, height, points };
}
