import type { DistortionModel } from '@sextant/core';
import { z } from 'zod';

/** Coefficients each lens model has, by the words ROS files use for it. */
const LENSES: Readonly<Record<string, { readonly model: DistortionModel; readonly counts: readonly number[] }>> = {
  plumb_bob: { model: 'plumb_bob', counts: [4, 5] },
  rational_polynomial: { model: 'rational_polynomial', counts: [8] },
  equidistant: { model: 'equidistant', counts: [4] },
  fisheye: { model: 'equidistant', counts: [4] }, // what some drivers call it
  none: { model: 'none', counts: [0] },
};

const size = z.int('must be a whole number of pixels').positive('must be above 0').max(65535, 'must be at most 65535');

/** A matrix as ROS writes it: rows, cols and the numbers row by row. */
const matrix = (rows: number, cols?: number) =>
  z
    .object({ rows: z.int(), cols: z.int(), data: z.array(z.number('must be a finite number')) })
    .superRefine((value, context) => {
      if (value.rows !== rows) context.addIssue({ code: 'custom', path: ['rows'], message: `must be ${rows}, is ${value.rows}` });
      if (cols !== undefined && value.cols !== cols) context.addIssue({ code: 'custom', path: ['cols'], message: `must be ${cols}, is ${value.cols}` });
      const count = rows * (cols ?? value.cols);
      if (value.data.length !== count) context.addIssue({ code: 'custom', path: ['data'], message: `must hold ${count} numbers, holds ${value.data.length}` });
    });

const focal = (path: string, at: readonly [number, number]) => (value: { data: number[] }, context: z.RefinementCtx) => {
  for (const i of at) {
    const f = value.data[i];
    if (f !== undefined && f <= 0) context.addIssue({ code: 'custom', path: ['data', i], message: `the focal length of ${path} must be above 0, is ${f}` });
  }
};

/** One camera_calibration file (the format of ROS's camera_info_manager), checked. */
export const cameraInfoSchema = z
  .object({
    image_width: size,
    image_height: size,
    camera_name: z.string('must be a word').optional(),
    camera_matrix: matrix(3, 3).superRefine(focal('camera_matrix', [0, 4])),
    distortion_model: z.string('must be a word'),
    distortion_coefficients: matrix(1),
    rectification_matrix: matrix(3, 3).optional(),
    projection_matrix: matrix(3, 4).superRefine(focal('projection_matrix', [0, 5])).optional(),
  })
  .transform((file, context) => {
    const lens = Object.hasOwn(LENSES, file.distortion_model) ? LENSES[file.distortion_model] : undefined;
    if (lens === undefined) {
      context.addIssue({ code: 'custom', path: ['distortion_model'], message: `must be one of ${Object.keys(LENSES).join(', ')}, is '${file.distortion_model}'` });
      return z.NEVER;
    }
    const d = file.distortion_coefficients.data;
    const zero = lens.model === 'none' && d.every((c) => c === 0); // drivers pad "none" with zeros
    if (!zero && !lens.counts.includes(d.length)) {
      context.addIssue({ code: 'custom', path: ['distortion_coefficients'], message: `${file.distortion_model} has ${lens.counts.join(' or ')} coefficients, here are ${d.length}` });
      return z.NEVER;
    }
    return { ...file, lens: lens.model, d: lens.model === 'none' ? [] : d };
  });

/** What `cameraInfoSchema` gives. */
export type CameraInfoFile = z.infer<typeof cameraInfoSchema>;
