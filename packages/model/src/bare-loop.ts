import type { Modality } from '@sextant/core';
import { availableParallelism } from 'node:os';
import { locateModel } from './locate.js';
import { readManifest } from './manifest/read.js';
import { parseModalities } from './model.js';
import { Dataflow } from './runtime/dataflow.js';
import { Sessions } from './runtime/sessions.js';
import { chooseGrid, type Size } from './runtime/grid.js';

export interface BareLoopOptions {
  /** CPU threads of one run. @default the number of cores */
  readonly threads?: number;
  /** Frames before the measured ones. @default 3 */
  readonly warmUp?: number;
}

/** What a loop without a pipeline reached. */
export interface BareLoopResult {
  readonly grid: Size;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Milliseconds of each measured frame, in order. */
  readonly frameMs: readonly number[];
}

/**
 * The yardstick of `sextant bench`: the graphs of `modalities` by plain `InferenceSession.run` on the CPU, in the calling
 * thread (which it blocks), one picture again and again; no worker, no resampling, no decoding. `size` is used as the grid.
 */
export async function bareLoop(folderOrName: string, modalities: readonly Modality[], size: Size | undefined, frames: number, options: BareLoopOptions = {}): Promise<BareLoopResult> {
  const folder = await locateModel(folderOrName);
  const manifest = await readManifest(folder);
  const asked = parseModalities(modalities, Object.keys(manifest.modalities) as Modality[]);
  const grid = chooseGrid(size ?? manifest.input, manifest.input, size);
  const dataflow = new Dataflow(new Sessions(await import('onnxruntime-node'), folder, manifest, 'cpu', options.threads ?? availableParallelism()));
  const rgb = Uint8Array.from({ length: grid.width * grid.height * 3 }, (_, i) => (i * 7) & 255);
  const frame = { ...grid, rgb, focal: 0.9 * grid.width };
  // Each frame sees the one before, memory included, as in a stream.
  let { values } = await dataflow.run(frame, asked);
  const next = (): ReturnType<Dataflow['run']> => dataflow.run(frame, asked, { previous: values, state: values });
  for (let i = 1; i < (options.warmUp ?? 3); i++) ({ values } = await next());
  const frameMs: number[] = [];
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    ({ values } = await next());
    frameMs.push(performance.now() - start);
  }
  return { grid, frames, framesPerSecond: (1000 * frames) / frameMs.reduce((sum, ms) => sum + ms, 0), frameMs };
}
