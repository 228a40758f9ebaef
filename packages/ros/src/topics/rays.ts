import type { CameraModel } from '@sextant/core';

const cache = new WeakMap<CameraModel, Map<string, Float32Array>>();

/** Iterations of the inverse lens models; they converge to well under a hundredth of a pixel for usual lenses. */
const ITERATIONS = 12;

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
  const table = new Float32Array(columns * rows * 2);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i += 2) {
      const [x, y] = pixelRay(camera, c * step, r * step);
      table[i] = x;
      table[i + 1] = y;
    }
  }
  tables.set(key, table);
  return table;
}

/** The ray of one pixel: (x, y) at z = 1, lens distortion undone by fixed-point (or, equidistant, Newton) iteration. */
export function pixelRay(camera: CameraModel, u: number, v: number): [number, number] {
  const [fx = 1, , cx = 0, , fy = 1, cy = 0] = camera.k;
  const x0 = (u - cx) / fx;
  const y0 = (v - cy) / fy;
  if (camera.distortionModel === 'equidistant') return undoEquidistant(camera.d, x0, y0); // bends without coefficients too
  if (camera.distortionModel === 'none' || camera.d.every((c) => c === 0)) return [x0, y0];
  return undoRational(camera.d, x0, y0);
}

/** OpenCV's plumb_bob (k1 k2 p1 p2 k3) and rational_polynomial (+ k4 k5 k6). */
function undoRational(d: readonly number[], x0: number, y0: number): [number, number] {
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0] = d;
  let x = x0;
  let y = y0;
  for (let i = 0; i < ITERATIONS; i++) {
    const r2 = x * x + y * y;
    const inverse = (1 + r2 * (k4 + r2 * (k5 + r2 * k6))) / (1 + r2 * (k1 + r2 * (k2 + r2 * k3)));
    const dx = 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
    const dy = p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
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
