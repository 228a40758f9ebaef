import type { RgbImage } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import { fillNoise } from '../generate/noise.js';
import { fromRgb8, toRgb8 } from '../generate/pixels.js';
import type { DeviceName } from '../runtime/device.js';
import { TASKS } from '../tasks.js';
import { LoadedGraph, integers, type GraphName } from './graphs.js';
import { sampleLatents } from './sample-latents.js';
import type { LatentManifest } from './schema.js';
import type { SettledLatents } from './settings.js';
import { decodeVideo, encodeVideo, type Latents, type Video } from './video-codec.js';

/** A clip to be made, as a worker is told of it. */
export interface ClipJob {
  readonly folder: string;
  readonly manifest: LatentManifest;
  readonly device: DeviceName;
  readonly threads: number;
  readonly settled: SettledLatents;
  /** rgb8 frames of the clean stream at the clip's size; none for joint. */
  readonly clean: readonly Uint8Array[];
  /** Latents to start from instead of the seed's noise: of RGB and of the modality. For tests against other implementations. */
  readonly noise?: readonly [Float32Array, Float32Array];
}

/** The parts of the work, in order. */
export const PHASES = ['text', 'encode', 'sample', 'decode'] as const;
export type ClipPhase = (typeof PHASES)[number];

/** What is done of one part. */
export interface ClipProgress {
  readonly phase: ClipPhase;
  readonly done: number;
  readonly total: number;
}

/** Frames of one stream that was made, rgb8. */
export type ClipResult = Readonly<Partial<Record<'rgb' | 'modality', readonly RgbImage[]>>>;

/** Latents that were made, for tests. */
export interface MadeLatents {
  readonly rgb: Latents;
  readonly modality: Latents;
}

/**
 * Makes a clip: sentences to contexts, the clean stream to latents, noise to latents, latents to pictures. One graph is in memory at a time.
 * Blocks its thread.
 */
export async function makeClip(job: ClipJob, onProgress: (progress: ClipProgress) => Promise<void> | void, onLatents?: (latents: MadeLatents) => void): Promise<ClipResult> {
  const { folder, manifest, device, threads, settled, clean, noise } = job;
  const { size, frames, task, seed } = settled;
  const { latents } = manifest;
  const withGraph = async <T>(name: GraphName, use: (graph: LoadedGraph) => Promise<T>): Promise<T> => {
    const graph = await LoadedGraph.load(folder, manifest, name, device, threads);
    try {
      return await use(graph);
    } finally {
      await graph.release();
    }
  };
  const told = await withGraph('text', async (graph) => {
    const contexts: Tensor[] = [];
    const sentences = [settled.prompt, settled.modalityPrompt, ...(settled.guidance === 1 ? [] : [settled.negative])];
    for (const { ids } of sentences) {
      const out = await graph.run({ 'prompt.tokens': integers(ids, [1, ids.length]) });
      contexts.push(out[graph.spec.outputs[0]]);
      await onProgress({ phase: 'text', done: contexts.length, total: sentences.length });
    }
    return contexts;
  });

  const dims = [1, latents.channels, (frames - 1) / latents.frames + 1, size.height / latents.pixels, size.width / latents.pixels] as const;
  const noised = (stream: 0 | 1): Latents => ({ dims, data: noise?.[stream].slice() ?? fillNoise(new Float32Array(dims.reduce((a, b) => a * b, 1)), seed, stream) });
  const video = clean.length > 0 ? planar(clean, size) : undefined;
  const encoded = video && (await withGraph('encoder', (graph) => encodeVideo(graph, manifest, video, (done, total) => onProgress({ phase: 'encode', done, total }))));
  const start = (stream: 'rgb' | 'modality'): Latents => (TASKS[task][stream] === 'clean' && encoded ? encoded : noised(stream === 'rgb' ? 0 : 1));

  const made = await withGraph('joint', (graph) => sampleLatents(graph, manifest, start('rgb'), start('modality'), {
    ...settled, modalityId: manifest.modalities[settled.modality]!.id, context: told[0], modalityContext: told[1], ...(told[2] && { negativeContext: told[2] }),
    noise: (out, stream, step) => void fillNoise(out, seed, stream, step + 1), onStep: (done) => onProgress({ phase: 'sample', done, total: settled.steps }),
  }));
  onLatents?.(made);

  const wanted = (['rgb', 'modality'] as const).filter((stream) => TASKS[task][stream] === 'noised');
  return withGraph('decoder', async (graph) => {
    const result: Partial<Record<'rgb' | 'modality', readonly RgbImage[]>> = {};
    for (const [i, stream] of wanted.entries()) {
      result[stream] = pictures(await decodeVideo(graph, manifest, made[stream], (done, total) => onProgress({ phase: 'decode', done: i * total + done, total: wanted.length * total })));
    }
    return result;
  });
}

function planar(frames: readonly Uint8Array[], { width, height }: { readonly width: number; readonly height: number }): Video {
  const n = 3 * width * height;
  const data = new Float32Array(frames.length * n);
  frames.forEach((rgb, i) => fromRgb8(rgb, data, i * n));
  return { data, frames: frames.length, width, height };
}

function pictures({ data, frames, width, height }: Video): readonly RgbImage[] {
  const n = 3 * width * height;
  return Array.from({ length: frames }, (_, i) => ({ width, height, rgb: toRgb8(data.subarray(i * n, (i + 1) * n)) }));
}
