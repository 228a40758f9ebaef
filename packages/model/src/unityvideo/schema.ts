import { z } from 'zod';
import { MODALITIES } from '@sextant/core';

/**
 * The manifest of a model over latents (docs/unityvideo.md): kind `unified`, `layout: "joint-latents"`. One joint graph takes both streams and one
 * timestep; a VAE stands between pictures and latents, a text encoder with a tokenizer of its own before the sentences. Strict like the other one.
 */

const count = z.number().int().positive();
const word = z.string().min(1);
const modality = z.enum(MODALITIES);

const file = z.strictObject({
  path: word.refine((path) => !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\\'), { message: 'must be a relative path inside the model folder, with forward slashes' }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  bytes: z.number().int().nonnegative(),
  licence: word,
  source: word.optional(),
});

/** What a causal layer keeps for the next chunk: [1, channels, frames, scale * rows, scale * columns] of a tile of rows x columns latents, zeros at first. */
const memory = z.strictObject({ input: word, output: word, channels: count, frames: count, scale: count });

const source = z.enum([
  'prompt.tokens', // int64 [1, L]
  'latents.rgb', 'latents.modality', // float32 [1, C, F, H, W]
  'task.time', // float32 [1], noise level times sampler.timeScale
  'task.modality', // int64 [1], modalities.<name>.id
  'text.context', 'text.modality', // float32 [1, length, D]: the text graph's output for caption and modality prompt
  'frames.chunk', // float32 [1, 3, frames, H, W] in -1..1
  'frames.first', // float32 [1]: 1 for the first chunk
  'latents.chunk', // float32 [1, C, 1, H, W]
]);

const graph = z.strictObject({ file: word, inputs: z.record(word, source), outputs: z.array(word).min(1), memories: z.array(memory).default([]) });

const task = z.strictObject({ available: z.boolean() });

export const latentManifestSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('unified'),
  layout: z.literal('joint-latents'),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dot, dash and underscore'),
  version: word,
  description: word,
  licence: word,
  /** What is made where the caller does not say: what the model was trained on. */
  size: z.strictObject({ width: count, height: count, frames: count }),
  latents: z.strictObject({
    channels: count,
    /** Frames of one latent frame, after the first, which is one. */
    frames: count,
    /** Pixels of a latent's side. */
    pixels: count,
    /** Latents of a token's side. */
    patch: count,
    /** Attention heads and width of the joint graph, for estimates of memory. */
    heads: count,
    width: count,
  }),
  files: z.array(file).min(1),
  graphs: z.strictObject({ text: graph, joint: graph, encoder: graph, decoder: graph }),
  /** Side of a tile that the VAE is given, and what neighbours share, in latents. */
  tiles: z.strictObject({ size: count, overlap: z.number().int().nonnegative() }),
  modalities: z.partialRecord(modality, z.strictObject({ id: z.number().int().nonnegative(), prompt: z.string() })),
  tasks: z.strictObject({ estimate: task, generate: task, joint: task }),
  sampler: z.strictObject({ type: z.enum(['euler', 'heun', 'renoise']), steps: count, shift: z.number().positive(), timeScale: z.number().positive(), predicts: z.literal('velocity') }),
  text: z.strictObject({ tokenizer: word, tokenizerConfig: word, length: count }),
});

/** A validated manifest of a model over latents. */
export type LatentManifest = z.output<typeof latentManifestSchema>;
/** One of its graphs. */
export type LatentGraph = z.output<typeof graph>;
