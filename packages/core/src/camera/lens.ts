import { SextantError } from '../errors.js';
import type { CameraModel, DistortionModel } from '../types/camera-info.js';

/** Lens models by what ROS calls them, in messages and in calibration files; `fisheye` is some drivers' word for equidistant. */
export const LENS_MODELS: Readonly<Record<string, DistortionModel>> = {
  plumb_bob: 'plumb_bob', rational_polynomial: 'rational_polynomial', equidistant: 'equidistant', fisheye: 'equidistant', none: 'none',
};

/** How many coefficients each lens model may come with. */
export const LENS_COEFFICIENTS: Readonly<Record<DistortionModel, readonly number[]>> = {
  plumb_bob: [4, 5], rational_polynomial: [8, 12, 14], equidistant: [4], none: [0],
};

const zero = (value: number): boolean => value === 0;

/**
 * The lens that ROS calls `model`, with the coefficients `d` in OpenCV's order: k1 k2 p1 p2 [k3 [k4 k5 k6 [s1 s2 s3 s4 [tx ty]]]], of
 * equidistant k1 k2 k3 k4. A Brown-Conrady lens of zeros is none (an equidistant one still bends by theta); of a rational one, zeros for a
 * thin prism (s) or a tilted sensor (t) are left out. `name` says whose lens it is, for errors.
 *
 * @throws SextantError `unsupported` for an unknown model, coefficients without a model, or a tilted sensor.
 */
export function lensOf(model: string, d: readonly number[], name: string): Pick<CameraModel, 'distortionModel' | 'd'> {
  const fail = (message: string, hint: string): SextantError => new SextantError('unsupported', `${name} has ${message}`, { hint, details: { camera: name, model, d } });
  const known = model === '' ? 'none' : Object.hasOwn(LENS_MODELS, model) ? LENS_MODELS[model] : undefined; // drivers leave it empty where there is none
  if (known === undefined) throw fail(`the lens model '${model}'`, `Known: ${Object.keys(LENS_MODELS).join(', ')}.`);
  if (known === 'equidistant') return { distortionModel: known, d };
  if (d.every(zero)) return { distortionModel: 'none', d: [] };
  if (known === 'none') {
    throw fail(`coefficients (${d.join(', ')}) of the lens model '${model}'`, 'Name the model they are of: plumb_bob for four or five, rational_polynomial for eight or more.');
  }
  if (!d.slice(12).every(zero)) throw fail(`a tilted sensor (tau ${d.slice(12).join(', ')})`, 'Calibrate it without the tilted model (OpenCV\'s CALIB_TILTED_MODEL).');
  return { distortionModel: known, d: d.slice(0, d.slice(8).every(zero) ? 8 : 12) };
}
