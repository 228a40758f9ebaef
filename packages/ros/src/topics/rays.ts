import { lensOf } from '@sextant/core';
import type { CameraModel } from '@sextant/core';

const cache = new WeakMap<CameraModel, Map<string, Float32Array>>();

/** Iterations of the inverse lens models; they converge to well under a hundredth of a pixel for usual lenses. */
const ITERATIONS = 12;

/** The ray of a pixel (column, row): (x, y) at z = 1, lens distortion undone. */
export type PixelRays = (u: number, v: number) => readonly [number, number];

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

/**
 * The rays of a camera's pixels, its lens undone by fixed-point (or, equidistant, Newton) iteration.
 * @throws SextantError `unsupported` for a lens that `lensOf` does not know.
 */
export function pixelRays(camera: CameraModel): PixelRays {
  const [fx = 1, , cx = 0, , fy = 1, cy = 0] = camera.k;
  const { distortionModel, d } = lensOf(camera.distortionModel, camera.d, 'the camera');
  const undo = distortionModel === 'none' ? undefined : distortionModel === 'equidistant' ? undoEquidistant : undoRational;
  return (u, v) => {
    const [x, y] = [(u - cx) / fx, (v - cy) / fy];
    return undo ? undo(d, x, y) : [x, y];
  };
}

/** OpenCV's plumb_bob (k1 k2 p1 p2 k3) and rational_polynomial (+ k4 k5 k6, + thin prism s1 s2 s3 s4), as its undistortPoints undoes them. */
function undoRational(d: readonly number[], x0: number, y0: number): [number, number] {
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = d;
  let x = x0;
  let y = y0;
  for (let i = 0; i < ITERATIONS; i++) {
    const r2 = x * x + y * y;
    const inverse = (1 + r2 * (k4 + r2 * (k5 + r2 * k6))) / (1 + r2 * (k1 + r2 * (k2 + r2 * k3)));
    const dx = 2 * p1 * x * y + p2 * (r2 + 2 * x * x) + r2 * (s1 + r2 * s2);
    const dy = p1 * (r2 + 2 * y * y) + 2 * p2 * x * y + r2 * (s3 + r2 * s4);
    x = (x0 - dx) * inverse;
    y = (y0 - dy) * inverse;
  }
  return [x, y];
}

/** OpenCV's fisheye (Kannala-Brandt): theta_d = theta (1 + k1 t^2 + k2 t^4 + k3 t^6 + k4 t^8). NaN beyond the half sphere. */
function undoEquidistant(d: readonly number[], x0: number, y0: number): [number, number] {
  const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = d;
  const distorted = Math.hypot(x0, y0);
  if (distorted < 1e-12) return [x0, y0];
  let theta = distorted;
  for (let i = 0; i < ITERATIONS; i++) {
    const t2 = theta * theta;
    const value = theta * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4)))) - distorted;
    theta -= value / (1 + t2 * (3 * k1 + t2 * (5 * k2 + t2 * (7 * k3 + t2 * 9 * k4))));
  }
  if (!(theta >= 0 && theta < Math.PI / 2)) return [NaN, NaN];
  const scale = Math.tan(theta) / distorted;
  return [x0 * scale, y0 * scale];
}
