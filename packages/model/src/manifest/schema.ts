import { MODALITIES } from '@sextant/core';
import { z } from 'zod';

/**
 * The shape of `models/<name>/manifest.json`, format 1 (docs/manifest.md tells it in prose). Every object is strict: a key
 * that this build does not know is an error, so that a manifest never says something that is silently ignored.
 */

const positive = z.number().positive();
const count = z.number().int().positive();
const word = z.string().min(1);
const modality = z.enum(MODALITIES);

const file = z.strictObject({
  /** Relative to the manifest, forward slashes, inside its folder. */
  path: word.refine((path) => !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\\'), {
    message: 'must be a relative path inside the model folder, with forward slashes',
  }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  bytes: z.number().int().nonnegative(),
  licence: word,
  source: word.optional(),
});

const input = z.strictObject({
  /** Both sides of the grid are multiples of this. */
  multipleOf: count,
  /** Smallest and largest side of the grid, pixels. */
  min: count,
  max: count,
  width: count,
  height: count,
  /** Order of the colour channels that the graphs expect. */
  channels: z.enum(['rgb', 'bgr']).default('rgb'),
  /** For graphs that take `frame.image`: (value / 255 - mean) / std per channel, float32. */
  normalise: z
    .strictObject({
      layout: z.enum(['NCHW', 'NHWC']),
      mean: z.array(z.number()).length(3),
      std: z.array(positive).length(3),
    })
    .optional(),
});

const graph = z.strictObject({
  file: word,
  /** ONNX input name -> source (`frame.*`, `task.*`, `<graph>.<output>`, `previous.<graph>.<output>`, `state.<graph>.<output>`). */
  inputs: z.record(word, word),
  outputs: z.array(word).min(1),
});

/** A side of a state's tensor: a number, or a part of the grid's height or width. */
const dim = z.custom<number | string>(
  (value) => (typeof value === 'number' ? Number.isInteger(value) && value > 0 : typeof value === 'string' && /^[HW]\/[1-9]\d*$/.test(value)),
  'must be a positive whole number, "H/k" or "W/k"',
);

const state = z.strictObject({ dims: z.array(dim).min(1) });

const codec = z.discriminatedUnion('type', [
  /** [1,3,h,w]: ln canonical z, ln Laplace scale of its error, logit of "no depth". */
  z.strictObject({
    type: z.literal('canonical-depth'),
    referenceFocal: positive,
    /** Multiplies the Laplace scale before it becomes a confidence; 1 where the head is calibrated by itself. */
    confidenceScale: positive.optional(),
    /** The same for depth that is right up to one scale, as maps without known intrinsics are; `confidenceScale` without. */
    relativeConfidenceScale: positive.optional(),
    /** Probability of "no depth" above which a pixel is sky: a hole in a wall costs a robot more than a far depth in the sky. */
    skyThreshold: z.number().gt(0).lt(1).default(0.5),
  }),
  /** [1,3,h,w]: u, v in pixels of the grid, logit of confidence. */
  z.strictObject({ type: z.literal('grid-flow') }),
  /** uint8 [1,h,w] and float32 [1,h,w]. Components smaller than `minArea` map pixels get no instance id. */
  z.strictObject({ type: z.literal('labels'), minArea: count.default(12) }),
  /**
   * [1,20,h,w]: 17 joint logits, person-centre logit, 2 offsets to the centre in units of `offsetScale` grid pixels; a second output, if there is
   * one, [1,1,h,w]: logit that a body is seen from the front; a third, [1,8,h,w]: of joints whose pairs come in the picture's order (in the left
   * one's place the one further right), logits that it is the left one, at both joints of each pair.
   */
  z.strictObject({
    type: z.literal('centre-offset-pose'),
    offsetScale: positive,
    centreThreshold: z.number().min(0).max(1).default(0.3),
    jointThreshold: z.number().min(0).max(1).default(0.1),
    /** How far from a centre a vote may land, as a part of the grid's longer side. */
    voteRadius: positive.default(0.15),
    /** With the second output: probability from which somebody is seen from the front. */
    frontThreshold: z.number().gt(0).lt(1).default(0.5),
    /** With the third output: weight of the logit of the front beside those of the pairs. */
    frontWeight: z.number().min(0).default(1),
  }),
  /**
   * uint8 [1,h,w] and float32 [1,2,h,w] in 0..1; a third output, if there is one, [1,1,h',w']: parts are as if everybody were seen from the front, and
   * this is the logit that they are.
   */
  z.strictObject({
    type: z.literal('part-uv'),
    /** With the third output: probability from which somebody is seen from the front. */
    frontThreshold: z.number().gt(0).lt(1).default(0.5),
  }),
  /** Estimators: one float32 map [1,h,w] or [1,1,h,w]. */
  z.strictObject({ type: z.literal('relative-depth') }),
  z.strictObject({ type: z.literal('inverse-depth') }),
  /** Metres at `referenceFocal` pixels of focal length, or metres as given where it is absent. */
  z.strictObject({ type: z.literal('metric-depth'), referenceFocal: positive.optional() }),
  /** Estimators: float32 [1,C,h,w]; channel c is class id c. */
  z.strictObject({ type: z.literal('label-logits'), minArea: count.default(12) }),
]);

const stream = z.strictObject({
  graph: word,
  /** ONNX outputs in the order the codec expects. */
  outputs: z.array(word).min(1),
  codec,
  /** The in-context learner's sentence for this stream. */
  prompt: z.string().optional(),
});

/** What the graphs say of the clean signal x, z being (1 - t) x + t noise: x itself, or the velocity noise - x. */
const predicts = z.enum(['x0', 'velocity']).default('velocity');
/**
 * t goes from 1 to 0 in `steps` steps, warped by `shift` (docs/generation.md); the graphs see `timeScale * t`. What is made from noise
 * is a small picture of one value for each `block` x `block` pixels; above 1, `painted` makes the frame of it.
 */
const steps = {
  /** Frames after the first begin at this noise level, of the frame before under new noise (SDEdit, Meng et al. 2022): what stands somewhere stays there. 1: of noise alone. */
  continueAt: z.number().positive().max(1).default(1),
  steps: count, shift: positive.default(1), timeScale: positive.default(1), predicts, block: count.default(1),
};

const sampler = z.discriminatedUnion('type', [
  /** The network predicts the clean stream from the noise's mean in one pass. */
  z.strictObject({ type: z.literal('one-step') }),
  /** Euler's method on the velocity. */
  z.strictObject({ type: z.literal('euler'), ...steps }),
  /** Heun's method: the mean of the velocities at both ends of a step. */
  z.strictObject({ type: z.literal('heun'), ...steps }),
  /** Takes all noise away and puts new noise of the next level on, at every step. */
  z.strictObject({ type: z.literal('renoise'), ...steps }),
]);

const task = z.strictObject({
  available: z.boolean(),
  sampler,
  /** Weights of classifier-free guidance where the caller names none; 1 is none. Only looks at noise levels over `above` are guided, and frames after the first with the share `later` of what is above 1; of what goes along the picture itself the share `parallel` is left. */
  guidance: z.strictObject({ text: z.number().default(1), condition: z.number().default(1), above: z.number().min(0).max(1).default(0), later: z.number().min(0).max(1).default(1), parallel: z.number().min(0).max(1).default(1) }).optional(),
  /** The grid that is made where the caller names none: what the network was trained on. */
  size: z.strictObject({ width: count, height: count }).optional(),
  /** Frames of more pixels are sampled at about so many, of nearly their shape, painted, and painted once more at their own size; needs `painted`. Absent: all are sampled at their own size. */
  base: z.strictObject({ width: count, height: count }).optional(),
  /** Outputs (`<graph>.<output>`) that predict RGB [1,3,H/block,W/block] and, for joint, the streams [1,15,H/block,W/block]. */
  made: z.strictObject({ rgb: word, streams: word.optional() }).optional(),
  /**
   * Outputs that make the frame, once: for joint the streams [1,15,H,W], from `task.small` and `task.small_streams`, and of the same graph, if it can,
   * people as the codec of `modalities.skeleton` takes them; then RGB [1,3,H,W], from `task.small` and `task.streams` (the condition; for joint those just made).
   */
  painted: z.strictObject({ rgb: word, streams: word.optional(), people: word.optional() }).optional(),
  /** joint: the picture is made once more from the finished streams, as task generate does, with its steps and guidance. */
  repaint: z.boolean().optional(),
});

const color = z.tuple([z.number().int().min(0).max(255), z.number().int().min(0).max(255), z.number().int().min(0).max(255)]);
const segmentationClass = z.strictObject({
  id: z.number().int().min(0).max(255),
  name: word,
  color,
  thing: z.boolean(),
  /** The group it belongs to; the gateway knows those of the world's own classes by name. */
  superset: z.strictObject({ name: word, color }).optional(),
});

export const manifestSchema = z.strictObject({
  format: z.literal(1),
  kind: z.enum(['unified', 'estimator']),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dot, dash and underscore'),
  version: word,
  description: word,
  licence: word,
  input,
  files: z.array(file).min(1),
  graphs: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/), graph),
  /** float32 outputs that `state.<graph>.<output>` hands to the same stream's next frame, and their shapes; keys are `<graph>.<output>`. */
  states: z.record(word, state).default({}),
  modalities: z.partialRecord(modality, stream),
  /** What looks at people from nearby (close-ups), on a grid of about `width` x `height` pixels, if not the graphs of `modalities`. */
  closeUps: z.strictObject({ width: count, height: count, modalities: z.partialRecord(modality, stream) }).optional(),
  tasks: z.strictObject({ estimate: task, generate: task, joint: task }).optional(),
  /** The two-stream network's modality streams. */
  streams: z
    .strictObject({
      /** Side of the grid over side of the streams' latent (or downsampled) plane. */
      stride: count,
      /** How a skeleton is drawn that a picture is made from: its joints alone, or on bodies of limbs (codecs/limbs.ts). */
      skeleton: z.enum(['joints', 'limbs']).default('joints'),
    })
    .optional(),
  classes: z.array(segmentationClass).default([]),
  text: z
    .strictObject({
      /** Words by id; id 0 is padding. */
      vocabulary: z.array(z.string()).min(2),
      promptLength: count,
      /** Words of a caption, for `task.caption`. */
      captionLength: count.optional(),
      /** Words of a caption that are passed over: the network was not taught to use them. */
      unsaid: z.array(word).default([]),
      /** What words mean, for those beyond the vocabulary; its words stand in there too. */
      meanings: z
        .strictObject({
          /** File of words, one a line. */
          words: word,
          /** File of int8 vectors, `width` values a word, of length 127. */
          vectors: word,
          width: count,
          /** Cosine below which no word of the vocabulary is near enough to stand for another. */
          leastLikeness: z.number().min(-1).max(1),
        })
        .optional(),
    })
    .optional(),
  /** The graph that finds what a phrase names: output [1,1,h,w], probability 0..1. It is run with `modality` alone asked for. */
  referring: z.strictObject({ graph: word, output: word, modality }).optional(),
  /** How the weights came to be and what they reach; free form, for people and model cards. */
  training: z.record(z.string(), z.unknown()).optional(),
});

/** A validated manifest; see docs/manifest.md. */
export type Manifest = z.output<typeof manifestSchema>;
/** One modality's graph, outputs and codec. */
export type ModalityStream = z.output<typeof stream>;
/** A codec's `type` with its parameters. */
export type CodecSpec = z.output<typeof codec>;
/** The frame grid a model works on. */
export type InputSpec = z.output<typeof input>;
/** The shape of a tensor that a stream carries from frame to frame. */
export type StateSpec = z.output<typeof state>;
export type TaskSpec = z.output<typeof task>;
/** How a task gets from noise to a signal. */
export type SamplerSpec = z.output<typeof sampler>;
/** The vocabulary and the meanings of words. */
export type TextSpec = NonNullable<Manifest['text']>;
