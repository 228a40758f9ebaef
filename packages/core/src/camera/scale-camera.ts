import type { CameraModel } from '../types/camera-info.js';

/**
 * The same camera for another grid over the whole of its picture, of any aspect: a map's, or a resized picture's. Lens coefficients and
 * rotation stay, they are about angles. Pixel centres are at integers, so 0.5 goes before and after the scaling. The same size gives the same object.
 */
export function scaleCamera(camera: CameraModel, width: number, height: number): CameraModel {
  if (camera.width === width && camera.height === height) return camera;
  const scale = [width / camera.width, height / camera.height];
  const rows = (matrix: readonly number[], columns: number): number[] =>
    matrix.map((value, i) => {
      const row = Math.floor(i / columns);
      if (row === 2) return value;
      return i % columns === 2 ? (value + 0.5) * scale[row] - 0.5 : value * scale[row]; // the fourth column of P is -f times a stereo baseline
    });
  return { ...camera, width, height, k: rows(camera.k, 3), p: rows(camera.p, 4) };
}
