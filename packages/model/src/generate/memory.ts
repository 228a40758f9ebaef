import { SextantError } from '@sextant/core';
import { freemem } from 'node:os';
import type { Manifest } from '../manifest/schema.js';
import type { Size } from '../runtime/grid.js';

/** Bytes of a worker that has done nothing yet. */
const WORKER = 150 * 2 ** 20;
/** Bytes of weights in memory per byte in the files: float16 becomes float32, and onnxruntime packs a copy. */
const PER_WEIGHT = 4;
/** Bytes per pixel of the grid at the largest look, and per pair of tokens (of 16x16 pixels) in attention: fitted to test/bench/generate.mjs --memory. */
const PER_PIXEL = 2400;
const PER_PAIR = 290;
const TOKEN = 16;

/**
 * Bytes that making a frame holds at most: the worker, weights, the largest layer's pictures, attention between all tokens. An estimate
 * (docs/generation.md says how good).
 */
export function estimateMemory({ files }: Pick<Manifest, 'files'>, { width, height }: Size): number {
  const weights = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const tokens = (width * height) / TOKEN ** 2;
  return WORKER + PER_WEIGHT * weights + PER_PIXEL * width * height + PER_PAIR * tokens ** 2;
}

/**
 * The estimate, where memory is enough for it.
 * @param available bytes. @default what the system (or the container) has left
 * @throws SextantError `too-large` with both figures.
 */
export function checkMemory(manifest: Pick<Manifest, 'files' | 'name'>, grid: Size, available: number = systemMemory()): number {
  const needed = estimateMemory(manifest, grid);
  if (needed <= available) return needed;
  throw new SextantError('too-large', `frames of ${grid.width}x${grid.height} need about ${mib(needed)} MiB of memory, ${mib(available)} MiB are free`, {
    hint: 'Ask for smaller frames, or end other programs.',
    details: { ...grid, neededBytes: needed, availableBytes: available },
  });
}

export function systemMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < 2 ** 60 ? Math.min(freemem(), limit - process.memoryUsage.rss()) : freemem();
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
