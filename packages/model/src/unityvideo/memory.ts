import { SextantError } from '@sextant/core';
import { systemMemory } from '../generate/memory.js';
import type { Size } from '../runtime/grid.js';
import type { LatentManifest } from './schema.js';

/** Bytes of a worker that has done nothing yet. */
const WORKER = 150 * 2 ** 20;
/** Bytes in memory per byte in the files: bf16 becomes float32, and a graph is read and packed before the file's copy is let go. */
const PER_WEIGHT = 3;
/** Float32 planes of the joint graph's width that a block holds at once, and of every head's attention matrix. */
const TOKEN_PLANES = 24;
const ATTENTION_MATRICES = 2;
/** Bytes of the VAE's largest layers per pixel of a tile and per frame of a chunk: some six planes of 256 channels, float32. */
const PER_TILE_PIXEL = 6 * 256 * 4;

/** What making a clip holds at most, bytes: graphs are in memory one after another, so it is the largest of them with its activations. Not measured at the released size. */
export function estimateLatentMemory({ files, graphs, latents, tiles }: LatentManifest, { width, height }: Size, frames: number): number {
  // Weights lie beside their graph: joint.onnx, joint.data or joint-00001-of-00006.data.
  const weights = (graph: string): number => files.filter(({ path }) => /^[.-]/.test(path.slice(graph.length - '.onnx'.length)) && path.startsWith(graph.replace(/\.onnx$/, ''))).reduce((sum, { bytes }) => sum + bytes, 0) * PER_WEIGHT;
  const chunks = (frames - 1) / latents.frames + 1;
  const tokens = 2 * chunks * (width / latents.pixels / latents.patch) * (height / latents.pixels / latents.patch);
  const joint = weights(graphs.joint.file) + 4 * (TOKEN_PLANES * tokens * latents.width + ATTENTION_MATRICES * latents.heads * tokens ** 2);
  const side = tiles.size * latents.pixels;
  const vae = Math.max(weights(graphs.encoder.file), weights(graphs.decoder.file)) + PER_TILE_PIXEL * latents.frames * Math.min(width, side) * Math.min(height, side);
  const video = 3 * 4 * 3 * frames * width * height;
  return WORKER + video + Math.max(weights(graphs.text.file), joint, vae);
}

/**
 * The estimate, where memory is enough for it.
 * @throws SextantError `too-large` with both figures.
 */
export function checkLatentMemory(manifest: LatentManifest, size: Size, frames: number, available: number = systemMemory()): number {
  const needed = estimateLatentMemory(manifest, size, frames);
  if (needed <= available) return needed;
  const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);
  throw new SextantError('too-large', `${frames} frames of ${size.width}x${size.height} by model ${manifest.name} need about ${mib(needed)} MiB of memory, ${mib(available)} MiB are free`, {
    hint: 'Ask for fewer or smaller frames, or use a machine with more memory.', details: { ...size, frames, neededBytes: needed, availableBytes: available },
  });
}
