import { LENS_COEFFICIENTS, LENS_MODELS, SextantError, lensOf } from '@sextant/core';
import { z } from 'zod';

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
    // ROS writes serial numbers without quotes, and nothing where a camera has no name.
    camera_name: z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be a word').optional(),
    camera_matrix: matrix(3, 3).superRefine(focal('camera_matrix', [0, 4])),
    distortion_model: z.string('must be a word'),
    distortion_coefficients: matrix(1),
    rectification_matrix: matrix(3, 3).optional(),
    projection_matrix: matrix(3, 4).superRefine(focal('projection_matrix', [0, 5])).optional(),
  })
  .transform((file, context) => {
    const word = file.distortion_model;
    if (!Object.hasOwn(LENS_MODELS, word)) {
      context.addIssue({ code: 'custom', path: ['distortion_model'], message: `must be one of ${Object.keys(LENS_MODELS).join(', ')}, is '${word}'` });
      return z.NEVER;
    }
    const d = file.distortion_coefficients.data;
    const counts = LENS_COEFFICIENTS[LENS_MODELS[word]];
    const zero = word === 'none' && d.every((c) => c === 0); // drivers pad "none" with zeros
    if (!zero && !counts.includes(d.length)) {
      context.addIssue({ code: 'custom', path: ['distortion_coefficients'], message: `${word} has ${counts.join(' or ')} coefficients, here are ${d.length}` });
      return z.NEVER;
    }
    try {
      return { ...file, lens: lensOf(word, d, 'it') };
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['distortion_coefficients'], message: SextantError.from(error).message });
      return z.NEVER;
    }
  });

/** What `cameraInfoSchema` gives. */
export type CameraInfoFile = z.infer<typeof cameraInfoSchema>;
