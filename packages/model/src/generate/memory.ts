import { SextantError } from '@sextant/core';
import { freemem } from 'node:os';
import type { Manifest } from '../manifest/schema.js';
import type { Size } from '../runtime/grid.js';
import { baseSize } from './base-size.js';

/** What memory depends on. */
type Sampling = Pick<Manifest, 'files' | 'tasks' | 'input'>;

/** Bytes of weights in memory per byte in the files: float16 becomes float32, and onnxruntime packs a copy. */
const PER_WEIGHT = 4;
/** Side of a token in attention, pixels. */
const TOKEN = 16;

/**
 * Bytes of a worker beside its weights, per pixel of the frame (pictures of the graphs that paint, which onnxruntime keeps for the next run), and at the size at which frames are
 * sampled per pixel and per pair of tokens in attention: fitted to test/bench/generate.mjs --memory and rounded up. Guidance hardly adds to it, since looks come one after another,
 * nor do more modalities, since all five streams are always there, zeros where not asked for; joint generation has the graphs of both tasks, and one that makes streams large.
 */
const COSTS = {
  generate: { once: 170 * 2 ** 20, perPixel: 950, perSampled: 1350, perPair: 380 },
  joint: { once: 215 * 2 ** 20, perPixel: 950, perSampled: 2750, perPair: 750 },
} as const;

/**
 * Bytes that the worker of a model holds at most while it makes frames of `size` (pixels) by `task`: itself, weights, the largest graphs' pictures, attention between all
 * tokens at the size at which frames are sampled. An estimate; docs/generation.md says how good.
 */
export function estimateMemory({ files, tasks, input }: Sampling, task: 'generate' | 'joint', { width, height }: Size): number {
  const weights = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const base = baseSize({ width, height }, tasks?.[task] ?? {}, input);
  const sampled = base.width * base.height;
  const { once, perPixel, perSampled, perPair } = COSTS[task];
  return once + PER_WEIGHT * weights + perPixel * width * height + perSampled * sampled + perPair * (sampled / TOKEN ** 2) ** 2;
}

/**
 * The estimate, bytes, where memory is enough for it.
 * @param available bytes. @default what the system (or the container) has left
 * @throws SextantError `too-large` with both figures.
 */
export function checkMemory(manifest: Sampling, task: 'generate' | 'joint', grid: Size, available: number = systemMemory()): number {
  const needed = estimateMemory(manifest, task, grid);
  if (needed <= available) return needed;
  throw new SextantError('too-large', `frames of ${grid.width}x${grid.height} need about ${mib(needed)} MiB of memory (task ${task}), ${mib(available)} MiB are free`, {
    hint: 'Ask for smaller frames, or end other programs.',
    details: { ...grid, task, neededBytes: needed, availableBytes: available },
  });
}

export function systemMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < 2 ** 60 ? Math.min(freemem(), limit - process.memoryUsage.rss()) : freemem();
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
