import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { SextantError, distortion } from '@sextant/core';
import type { OpenCv } from '../opencv.js';
import type { BoardView, Solution } from './solve.js';

/** fx, fy, cx, cy, k1..k4; then rotation and translation of every view. */
const SHARED = 8;
const PER_VIEW = 6;
/** Rays this far from the axis (radians) are left out of the first guess of a view's pose: there the tangent explodes. */
const WIDEST = 1.3;

/**
 * Kannala-Brandt's model (equidistant, OpenCV's fisheye) fitted by Levenberg-Marquardt to the views, since the OpenCV build for
 * JavaScript has no fisheye calibration. First guess: a lens without k1..k4 whose picture is 2.6 radians wide, poses by solvePnP.
 * @throws SextantError `bad-config` where a view's pose cannot be guessed.
 */
export function solveFisheye(cv: OpenCv, views: readonly BoardView[], { width, height }: { readonly width: number; readonly height: number }): Solution {
  const f = width / 2.6;
  const start = [f, f, (width - 1) / 2, (height - 1) / 2, 0, 0, 0, 0, ...views.flatMap((view) => guessPose(cv, view, f, width, height))];
  const truth = views.flatMap(({ points }) => points.flatMap(([x, y]) => [x, y]));
  const project = (parameters: readonly number[]): Float64Array => {
    const [fx, fy, cx, cy, ...k] = parameters.slice(0, SHARED);
    const lens = distortion({ width, height, distortionModel: 'equidistant', d: k, k: [], r: [], p: [], provenance: 'calibrated' });
    const out = new Float64Array(truth.length);
    let o = 0;
    views.forEach(({ board }, v) => {
      const [rx, ry, rz, tx, ty, tz] = parameters.slice(SHARED + v * PER_VIEW, SHARED + (v + 1) * PER_VIEW);
      const r = rodrigues(rx, ry, rz);
      for (const [x, y] of board) {
        const z = Math.max(1e-6, r[6] * x + r[7] * y + tz);
        const [u, w] = lens((r[0] * x + r[1] * y + tx) / z, (r[3] * x + r[4] * y + ty) / z);
        out[o++] = fx * u + cx;
        out[o++] = fy * w + cy;
      }
    });
    return out;
  };
  const fitted = levenbergMarquardt({ x: truth.map((_, i) => i), y: truth }, (parameters: number[]) => {
    const all = project(parameters);
    return (i: number) => all[i];
  }, { initialValues: start, damping: 1e-2, gradientDifference: start.map((v) => Math.max(1e-6, 1e-6 * Math.abs(v))), maxIterations: 60, errorTolerance: 1e-12 });
  const best = fitted.parameterValues;
  const projected = project(best);
  let at = 0;
  const errors = views.map(({ points }) => {
    let sum = 0;
    for (const [x, y] of points) {
      sum += (projected[at] - x) ** 2 + (projected[at + 1] - y) ** 2;
      at += 2;
    }
    return Math.sqrt(sum / points.length);
  });
  const [fx, fy, cx, cy, ...d] = best.slice(0, SHARED);
  return { k: [fx, 0, cx, 0, fy, cy, 0, 0, 1], d, errors };
}

function guessPose(cv: OpenCv, { name, board, points }: BoardView, f: number, width: number, height: number): number[] {
  const rays = points.map(([x, y]) => {
    const [u, v] = [(x - (width - 1) / 2) / f, (y - (height - 1) / 2) / f];
    const theta = Math.hypot(u, v);
    return theta > WIDEST ? undefined : theta < 1e-9 ? [u, v] : [(u * Math.tan(theta)) / theta, (v * Math.tan(theta)) / theta];
  });
  const kept = rays.flatMap((ray, i) => (ray ? [{ ray, place: board[i] }] : []));
  const object = cv.matFromArray(kept.length, 1, cv.CV_32FC3, kept.flatMap(({ place: [x, y] }) => [x, y, 0]));
  const image = cv.matFromArray(kept.length, 1, cv.CV_32FC2, kept.flatMap(({ ray }) => ray));
  const eye = cv.matFromArray(3, 3, cv.CV_64F, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const [none, r, t] = [new cv.Mat(), new cv.Mat(), new cv.Mat()];
  try {
    if (kept.length < 6 || !cv.solvePnP(object, image, eye, none, r, t, false, 0 /* SOLVEPNP_ITERATIVE */)) {
      throw new SextantError('bad-config', `the board of ${name} is too far at the picture's edge to begin with`, { hint: 'Leave this view out.', details: { view: name } });
    }
    return [...Array.from(r.data64F), ...Array.from(t.data64F)];
  } finally {
    for (const m of [object, image, eye, none, r, t]) m.delete();
  }
}

/** Rotation vector to matrix, row-major. */
function rodrigues(x: number, y: number, z: number): readonly number[] {
  const a = Math.hypot(x, y, z);
  if (a < 1e-12) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [u, v, w] = [x / a, y / a, z / a];
  const [c, s] = [Math.cos(a), Math.sin(a)];
  const k = 1 - c;
  return [c + u * u * k, u * v * k - w * s, u * w * k + v * s, v * u * k + w * s, c + v * v * k, v * w * k - u * s, w * u * k - v * s, w * v * k + u * s, c + w * w * k];
}
