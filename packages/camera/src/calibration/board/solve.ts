import { SextantError } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { IDENTITY, projectionOf } from '../../rectify/rectified-camera.js';
import type { OpenCv } from '../opencv.js';
import type { Point } from './corners.js';
import { solveFisheye } from './fisheye.js';

/** One picture of the board: points in the board's plane (metres) and where they are in the picture (pixels). */
export interface BoardView {
  readonly name: string;
  readonly board: readonly Point[];
  readonly points: readonly Point[];
}

/** Lens models a calibration can give. */
export type CalibrationModel = 'plumb_bob' | 'rational_polynomial' | 'equidistant';

/** What a calibration found. */
export interface Calibration {
  readonly camera: CameraModel;
  /** Root mean square distance between seen and projected corners, pixels: of all views used, and of each. */
  readonly rms: number;
  readonly views: readonly { readonly name: string; readonly rms: number }[];
  /** Views left out because their error was an outlier. */
  readonly dropped: readonly { readonly name: string; readonly rms: number }[];
}

/** K, D and the error of each view. */
export interface Solution {
  readonly k: readonly number[];
  readonly d: readonly number[];
  readonly errors: readonly number[];
}

/** OpenCV's numbers, which its types leave untyped. */
const [CALIB_RATIONAL_MODEL, COUNT_AND_EPS, CV_64F] = [0x4000, 3, 6];

const LEAST_VIEWS = 3;
const LEAST_POINTS = 6;
/** A view is an outlier where its error exceeds this many medians and half a pixel. */
const OUTLIER = 2.5;

/**
 * Calibrates a camera from views of a board: Zhang 2000 by OpenCV's calibrateCamera, Kannala-Brandt for `equidistant`. Views whose error
 * stands out are dropped and the rest is solved again, until none does.
 *
 * @throws SextantError `bad-argument` for fewer than three views; `bad-config` where no camera explains them.
 */
export function solveCalibration(cv: OpenCv, all: readonly BoardView[], size: { readonly width: number; readonly height: number }, model: CalibrationModel): Calibration {
  let views = all.filter(({ points }) => points.length >= LEAST_POINTS);
  const dropped: { name: string; rms: number }[] = [];
  for (;;) {
    if (views.length < LEAST_VIEWS) {
      throw new SextantError('bad-argument', `${views.length} usable views of the board are too few`, { hint: `Take at least ${LEAST_VIEWS}, better 15 to 40, tilted and at every part of the picture.`, details: { views: views.length, dropped: dropped.length } });
    }
    const solution = model === 'equidistant' ? solveFisheye(cv, views, size) : solvePinhole(cv, views, size, model);
    const median = [...solution.errors].sort((a, b) => a - b)[solution.errors.length >> 1];
    const bad = solution.errors.map((rms, i) => ({ rms, i })).filter(({ rms }) => rms > Math.max(0.5, OUTLIER * median));
    if (bad.length > 0 && views.length - bad.length >= LEAST_VIEWS) {
      for (const { rms, i } of bad) dropped.push({ name: views[i].name, rms });
      const out = new Set(bad.map(({ i }) => i));
      views = views.filter((_, i) => !out.has(i));
      continue;
    }
    const { k, d, errors } = solution;
    if (![...k, ...d].every(Number.isFinite) || k[0] < 0.1 * size.width || k[0] > 20 * size.width) {
      throw new SextantError('bad-config', `no camera explains the views: the focal length came out as ${k[0].toFixed(1)} pixels for a width of ${size.width}`, { hint: 'Check the board\'s size (inner corners of a chessboard, squares of a ChArUco board), and tilt it in more views.', details: { k, d } });
    }
    const counts = views.map(({ points }) => points.length);
    const rms = Math.sqrt(errors.reduce((sum, e, i) => sum + e * e * counts[i], 0) / counts.reduce((a, b) => a + b, 0));
    return {
      camera: { ...size, k, d, distortionModel: model, r: IDENTITY, p: projectionOf(k), provenance: 'calibrated' },
      rms, views: views.map(({ name }, i) => ({ name, rms: errors[i] })), dropped,
    };
  }
}

function solvePinhole(cv: OpenCv, views: readonly BoardView[], { width, height }: { readonly width: number; readonly height: number }, model: CalibrationModel): Solution {
  const [objects, images, rotations, translations] = [new cv.MatVector(), new cv.MatVector(), new cv.MatVector(), new cv.MatVector()];
  const owned: { delete(): void }[] = [objects, images, rotations, translations];
  const mat = (rows = 0, type: number = CV_64F, values: readonly number[] = []): InstanceType<OpenCv['Mat']> => {
    const made = values.length > 0 ? cv.matFromArray(rows, 1, type, [...values]) : new cv.Mat();
    owned.push(made);
    return made;
  };
  try {
    for (const { board, points } of views) {
      objects.push_back(mat(board.length, cv.CV_32FC3 as number, board.flatMap(([x, y]) => [x, y, 0])));
      images.push_back(mat(points.length, cv.CV_32FC2 as number, points.flat()));
    }
    const [k, d, stdIn, stdOut, errors] = [mat(), mat(), mat(), mat(), mat()];
    const flags = model === 'rational_polynomial' ? CALIB_RATIONAL_MODEL : 0;
    try {
      cv.calibrateCameraExtended(objects, images, new cv.Size(width, height), k, d, rotations, translations, stdIn, stdOut, errors, flags, new cv.TermCriteria(COUNT_AND_EPS, 100, 1e-9));
    } catch (cause) {
      // OpenCV throws a pointer into its memory.
      throw new SextantError('bad-config', 'OpenCV cannot calibrate from these views', { hint: 'Tilt the board in more views and move it to every part of the picture.', details: { views: views.length }, cause });
    }
    return { k: Array.from(k.data64F), d: Array.from(d.data64F).slice(0, model === 'rational_polynomial' ? 8 : 5), errors: Array.from(errors.data64F) };
  } finally {
    for (const object of owned) object.delete();
  }
}
