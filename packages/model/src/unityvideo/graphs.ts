import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import * as ort from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions, type DeviceName } from '../runtime/device.js';
import type { LatentGraph, LatentManifest } from './schema.js';

// Failures come as exceptions; onnxruntime would print each of them to stderr as well.
ort.env.logLevel = 'fatal';

export type GraphName = keyof LatentManifest['graphs'];
/** Values of the sources that a graph's inputs name. */
export type Sources = Readonly<Partial<Record<LatentGraph['inputs'][string], Tensor>>>;

/** One graph in memory. Runs block the thread: use it in a worker. */
export class LoadedGraph {
  private constructor(private readonly session: InferenceSession, readonly spec: LatentGraph) {}

  /** @throws SextantError `model-damaged` where onnxruntime cannot load it. */
  static async load(folder: string, manifest: LatentManifest, name: GraphName, device: DeviceName, threads: number): Promise<LoadedGraph> {
    const spec = manifest.graphs[name];
    const path = join(folder, spec.file);
    try {
      return new LoadedGraph(await ort.InferenceSession.create(path, sessionOptions(device, threads)), spec);
    } catch (cause) {
      throw new SextantError('model-damaged', `graph ${name} of model ${manifest.name} cannot be loaded on ${device}: ${(cause as Error).message.split('\n')[0]}`, {
        hint: 'Check the files with sextant model verify; if they are whole, memory may be short, or try --device cpu.', details: { file: path, device }, cause,
      });
    }
  }

  /** All outputs by name. `memories` are what the layers kept, by input name. */
  async run(sources: Sources, memories: Readonly<Record<string, Tensor>> = {}): Promise<Record<string, Tensor>> {
    const feeds: Record<string, Tensor> = { ...memories };
    for (const [input, source] of Object.entries(this.spec.inputs)) {
      const value = sources[source];
      if (!value) throw new SextantError('bad-config', `input ${input} wants ${source}, which this graph is not given`, { hint: 'docs/unityvideo.md says which graph is given what.', details: { input, source } });
      feeds[input] = value;
    }
    return this.session.run(feeds);
  }

  /** Zeros for every memory, for a tile of rows x columns latents. */
  emptyMemories(rows: number, columns: number): Record<string, Tensor> {
    return Object.fromEntries(this.spec.memories.map(({ input, channels, frames, scale }) => {
      const dims = [1, channels, frames, scale * rows, scale * columns];
      return [input, new ort.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b)), dims)];
    }));
  }

  /** The memories for the next chunk out of a chunk's outputs. */
  nextMemories(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    return Object.fromEntries(this.spec.memories.map(({ input, output }) => [input, outputs[output]]));
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

export const float = (data: Float32Array, dims: readonly number[]): Tensor => new ort.Tensor('float32', data, dims);
export const scalar = (value: number): Tensor => float(Float32Array.of(value), [1]);
export const integers = (values: readonly number[], dims: readonly number[]): Tensor => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
