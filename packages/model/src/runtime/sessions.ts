import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import type * as Onnx from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Manifest } from '../manifest/schema.js';
import { sessionOptions, type DeviceName } from './device.js';

/** onnxruntime, handed in so that only a process that runs models loads its native library. */
export type OnnxRuntime = Pick<typeof Onnx, 'InferenceSession' | 'Tensor'>;

/** The ONNX sessions of a model on one device, each loaded when it is first run. Not to be used by two runs at once. */
export class Sessions {
  readonly #open = new Map<string, InferenceSession>();

  constructor(
    readonly ort: OnnxRuntime,
    readonly folder: string,
    readonly manifest: Manifest,
    readonly device: DeviceName,
    readonly threads: number,
  ) {}

  /**
   * Runs one graph.
   * @throws SextantError `model-damaged`, `device-unavailable` or `inference-failed`.
   */
  async run(graph: string, feeds: Record<string, Tensor>, outputs: readonly string[]): Promise<InferenceSession.OnnxValueMapType> {
    const session = await this.#session(graph);
    try {
      return await session.run(feeds, outputs);
    } catch (cause) {
      throw new SextantError('inference-failed', `graph ${graph} of model ${this.manifest.name} failed on ${this.device}: ${(cause as Error).message}`, {
        hint: 'Check that the graph fits its inputs in manifest.json, or try --device cpu.',
        details: { graph, device: this.device },
        cause,
      });
    }
  }

  async #session(graph: string): Promise<InferenceSession> {
    const open = this.#open.get(graph);
    if (open) return open;
    const file = join(this.folder, this.manifest.graphs[graph]?.file ?? '');
    try {
      const session = await this.ort.InferenceSession.create(file, sessionOptions(this.device, this.threads));
      this.#open.set(graph, session);
      return session;
    } catch (cause) {
      const code = this.device === 'cpu' ? 'model-damaged' : 'device-unavailable';
      throw new SextantError(code, `${file} cannot be loaded on ${this.device}: ${(cause as Error).message}`, {
        hint: this.device === 'cpu' ? 'The file is no ONNX graph that this build can run.' : 'Try --device auto or --device cpu.',
        details: { file, device: this.device },
        cause,
      });
    }
  }
}
