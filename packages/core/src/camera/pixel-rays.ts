import type { CameraModel } from '../types/camera-info.js';
import { distortion } from './distortion.js';
import { lensOf } from './lens.js';

/** Most iterations of the inverse lens models. Usual lenses need a few; near where a lens bends back each gains little. */
const ITERATIONS = 60;
/** A step this short, on the plane z = 1, is the last one. */
const SETTLED = 1e-9;
/** How far from its pixel a ray may meet the picture, pixels: more, and no ray leads there. */
const MISSED = 0.5;
/** How far off a ray may be that went through the lens and back, as a part of itself: more, and it is not what the lens shows there. */
const THERE_AND_BACK = 0.01;

/** The ray of a pixel (column, row): (x, y) at z = 1, lens distortion undone; NaN where none leads there. */
export type PixelRays = (u: number, v: number) => readonly [number, number];

/** The pixel (column, row) of a ray (x, y) at z = 1, which may lie beside the picture; undefined for a ray beyond the lens's reach. */
export type RayPixels = (x: number, y: number) => readonly [number, number] | undefined;

/**
 * The rays of a camera's pixels, its lens undone by fixed-point (or, equidistant, Newton) iteration. Coefficients that were fitted to the
 * middle of a picture may bend rays back before its corners: no ray leads to what is beyond, as to what is beyond a fisheye's half sphere.
 * @throws SextantError `unsupported` for a lens that `lensOf` does not know.
 */
export function pixelRays(camera: CameraModel): PixelRays {
  const [fx = 1, , cx = 0, , fy = 1, cy = 0] = camera.k;
  const { distortionModel, d } = lensOf(camera.distortionModel, camera.d, 'the camera');
  if (distortionModel === 'none') return (u, v) => [(u - cx) / fx, (v - cy) / fy];
  const [distort, undo] = [distortion(camera), distortionModel === 'equidistant' ? undoEquidistant : undoRational];
  return (u, v) => {
    const [xd, yd] = [(u - cx) / fx, (v - cy) / fy];
    const ray = undo(d, xd, yd);
    const [xb, yb] = distort(...ray);
    return Math.hypot(fx * (xb - xd), fy * (yb - yd)) <= MISSED ? ray : [NaN, NaN]; // NaN is none
  };
}

/**
 * Where a camera's picture shows a ray: the inverse of `pixelRays`. Beyond what they were fitted to, coefficients bend rays back into the
 * picture, far from where anything of them is seen: those have no pixel.
 * @throws SextantError `unsupported` for a lens that `lensOf` does not know.
 */
export function rayPixels(camera: CameraModel): RayPixels {
  const [fx = 1, , cx = 0, , fy = 1, cy = 0] = camera.k;
  const [distort, ray] = [distortion(camera), pixelRays(camera)];
  return (x, y) => {
    const [xd, yd] = distort(x, y);
    const [u, v] = [fx * xd + cx, fy * yd + cy];
    const [xb, yb] = ray(u, v);
    return Math.hypot(xb - x, yb - y) <= THERE_AND_BACK * Math.hypot(x, y, 1) ? [u, v] : undefined; // NaN is none
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
    const [xBefore, yBefore] = [x, y];
    x = (x0 - dx) * inverse;
    y = (y0 - dy) * inverse;
    if (Math.abs(x - xBefore) + Math.abs(y - yBefore) < SETTLED) break;
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
    const step = value / (1 + t2 * (3 * k1 + t2 * (5 * k2 + t2 * (7 * k3 + t2 * 9 * k4))));
    theta -= step;
    if (Math.abs(step) < SETTLED) break;
  }
  if (!(theta >= 0 && theta < Math.PI / 2)) return [NaN, NaN];
  const scale = Math.tan(theta) / distorted;
  return [x0 * scale, y0 * scale];
}
