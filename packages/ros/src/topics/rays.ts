import { pixelRays } from '@sextant/core';
import type { CameraModel } from '@sextant/core';

const cache = new WeakMap<CameraModel, Map<string, Float32Array>>();

/**
 * Where each pixel of a `width` x `height` grid looks: (x, y) on the plane z = 1 of the optical frame, interleaved, lens
 * distortion undone. `camera` is for that grid (see scaleCamera). Computed once per camera and step; shared, do not write.
 * @param step takes every step-th pixel in both directions.
 */
export function rayTable(camera: CameraModel, step: number, owner: CameraModel = camera): Float32Array {
  const key = `${camera.width}x${camera.height}/${step}`;
  let tables = cache.get(owner);
  if (tables === undefined) cache.set(owner, (tables = new Map<string, Float32Array>()));
  const known = tables.get(key);
  if (known !== undefined) return known;
  const columns = Math.ceil(camera.width / step);
  const rows = Math.ceil(camera.height / step);
  const ray = pixelRays(camera);
  const table = new Float32Array(columns * rows * 2);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i += 2) {
      const [x, y] = ray(c * step, r * step);
      table[i] = x;
      table[i + 1] = y;
    }
  }
  tables.set(key, table);
  return table;
}
