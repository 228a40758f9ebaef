import { parseSourceSpec } from '@sextant/camera';
import { MODALITIES } from '@sextant/core';
import { DEVICES, MOST_CLOSE_UPS, parseScale } from '@sextant/model';
import { BRIDGE_PARAMETERS, withChecks } from '@sextant/ros';
import type { ParameterSpec, ParameterValue } from '@sextant/ros';
import { z } from 'zod';
import { RECORD_COMPRESSIONS, RESOLUTIONS, ROS_CHOICES } from '../cli/choices.js';
import { size } from '../eval/size.js';

const word = z.string().min(1);
const positive = z.number().positive();
/** A text that may be one of digits alone, as a scale is: YAML reads `1.5` as a number. */
const digitsToo = (inner: z.ZodString): z.ZodType<string> => z.preprocess((value) => (typeof value === 'number' ? String(value) : value), inner).meta({ type: ['string', 'number'] });

/** One key per parameter of the bridge, with its type, range and choices. */
const parametersSchema = z.strictObject(Object.fromEntries(withChecks(BRIDGE_PARAMETERS, { scale: (value) => parseScale(String(value)) }).map((spec) => [spec.name, parameterSchema(spec).describe(spec.description).optional()])));

function parameterSchema(spec: ParameterSpec): z.ZodType<ParameterValue> {
  const { check } = spec;
  return check === undefined ? typeSchema(spec) : typeSchema(spec).superRefine(worded(check));
}

/** A check that throws as one of zod's. */
function worded<T>(check: (value: T) => unknown): (value: T, context: z.core.$RefinementCtx<T>) => void {
  return (value, context) => {
    try {
      check(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  };
}

function typeSchema(spec: ParameterSpec): z.ZodType<ParameterValue> {
  switch (spec.type) {
    case 'bool':
      return z.boolean();
    case 'integer':
      return z.number().int().min(spec.range[0]).max(spec.range[1]);
    case 'double':
      return z.number().min(spec.range[0]).max(spec.range[1]);
    case 'string':
      return spec.choices === undefined ? digitsToo(z.string().regex(spec.pattern ?? /^/)) : z.enum(spec.choices);
    case 'string_array':
      return z.array(spec.choices === undefined ? z.string() : z.enum(spec.choices));
  }
}

/**
 * The file that `sextant run --config` reads: the flags by their names, and what is too much for flags. launch/pipeline.schema.json repeats it for
 * editors: after a change `SEXTANT_WRITE_SCHEMA=1` and the test beside this file write it anew.
 */
export const pipelineSchema = z.strictObject({
  source: word.superRefine(worded(parseSourceSpec)).optional(),
  /** A folder's or video's camera_calibration file. */
  calibration: word.optional(),
  frameId: word.optional(),
  rate: positive.optional(),
  loop: z.boolean().optional(),
  /** Seconds of a recording to leave out at its start. */
  start: z.number().min(0).optional(),
  /** How fast a recording is played; 1 as it was captured. */
  speed: positive.optional(),
  duration: positive.optional(),
  model: word.optional(),
  modalities: z.array(z.enum(MODALITIES)).min(1).transform((words) => [...new Set(words)]).optional(), // once, as the flag does
  device: z.enum(['auto', ...DEVICES]).optional(),
  /** Area of the model's grid, `256x192`. */
  size: z.string().regex(/^\d{1,4}x\d{1,4}$/, 'must be WxH in pixels, for example 256x192').superRefine(worded(size)).transform(size).optional(),
  /** Maps as the model gives them, or enlarged to the camera's picture along its edges. */
  resolution: z.enum(RESOLUTIONS).optional(),
  /** Whether the network may use what it kept of earlier frames. */
  memory: z.boolean().optional(),
  /** People of each frame who are looked at again from nearby. */
  closeUps: z.number().int().min(0).max(MOST_CLOSE_UPS).optional(),
  /** Where the metres of depth come from, as `--scale` takes it. */
  scale: digitsToo(z.string()).superRefine(worded(parseScale)).optional(),
  /** What to find by name, beside the modalities. */
  prompt: digitsToo(z.string()).optional(),
  /** Average depth over time along the flow. */
  steady: z.boolean().optional(),
  host: word.optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  token: word.optional(),
  insecure: z.boolean().optional(),
  /** Host names of sites whose pages may connect, and under which this machine may be reached. */
  allowHost: z.array(word).optional(),
  record: word.optional(),
  /** How the recording is stored. */
  recordCompression: z.enum(RECORD_COMPRESSIONS).optional(),
  ros: z.enum(ROS_CHOICES).optional(),
  bridge: z
    .strictObject({
      namespace: z.string().regex(/^(\/[A-Za-z_][A-Za-z0-9_]*)+$/, 'must be an absolute ROS name such as /sextant').optional(),
    })
    .optional(),
  /** Initial values of the ROS parameters (`ros2 param`, rosapi and Foxglove may change them later). */
  parameters: parametersSchema.optional(),
  /** The simulated camera, or the size asked of a V4L2 one. */
  camera: z
    .strictObject({
      width: z.number().int().positive().optional(),
      height: z.number().int().positive().optional(),
      assets: word.optional(),
      sceneSeconds: positive.optional(),
      lens: z.strictObject({ model: z.enum(['plumb_bob', 'rational_polynomial', 'equidistant']), d: z.array(z.number()) }).optional(),
    })
    .optional(),
});

/** A validated pipeline file; every key is optional. */
export type PipelineConfig = z.output<typeof pipelineSchema>;
