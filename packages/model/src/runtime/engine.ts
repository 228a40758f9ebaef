import { MODALITIES, createRgbResampler, type Modality, type RgbResampler } from '@sextant/core';
import * as ort from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import { decode, type DecodedMaps } from '../codecs/decode.js';
import { decodeReferred, type FoundMap } from '../codecs/referred.js';
import { compareOutputs } from './compare.js';
import { Dataflow, type Values } from './dataflow.js';
import type { DeviceCheck } from './device.js';
import { exposureTrust } from './exposure.js';
import { chooseGrid, gridFocal, type Size } from './grid.js';
import type { OpenOptions, PaintRequest, Painted, ResetReason, StreamKey, Timing, WireFrame } from './messages.js';
import { Painter, type StepListener } from './painter.js';
import { Sessions } from './sessions.js';
import { StreamMemory, type Moment, type Recollection } from './stream-memory.js';
import type { NamedTensor } from './tensor.js';

// Failures come as exceptions; onnxruntime would print each of them to stderr as well.
ort.env.logLevel = 'fatal';

/** How one frame is to be run. */
export interface EngineRun {
  readonly modalities: readonly Modality[];
  /** The stream it continues; without one it stands alone. */
  readonly stream?: StreamKey;
  /** Whether `state.*` is carried from frame to frame. */
  readonly memory: boolean;
  /** Word ids of a thing to find. */
  readonly phrase?: readonly number[];
}

/** What became of one frame. */
export interface EngineResult {
  readonly maps: DecodedMaps;
  readonly timing: Timing;
  readonly reset?: ResetReason;
  readonly found?: FoundMap;
}

/** The worker's inside: resampling, the dataflow, state over time, decoding. Runs are not re-entrant: one at a time. */
export class Engine {
  readonly #dataflow: Dataflow;
  readonly #memory: StreamMemory;
  #painter?: Painter;
  #resampler?: { key: string; run: RgbResampler };

  constructor(private readonly options: OpenOptions) {
    const { folder, manifest, device, threads } = options;
    this.#dataflow = new Dataflow(new Sessions(ort, folder, manifest, device, threads));
    this.#memory = new StreamMemory(manifest);
  }

  /**
   * Loads every graph by running all of them once, which also finds graphs that do not fit together. On another device
   * than the CPU with `check`, compares the result with the CPU's.
   */
  async open(): Promise<DeviceCheck | undefined> {
    const { folder, manifest, device, threads, check, size } = this.options;
    const all = MODALITIES.filter((m) => manifest.modalities[m]);
    const grid = chooseGrid(size ?? manifest.input, manifest.input, size);
    const frame = { ...grid, rgb: testPicture(grid), focal: 0.9 * grid.width };
    if (device === 'cpu' || !check) {
      await this.#dataflow.run(frame, all);
      return undefined;
    }
    const timed = async (dataflow: Dataflow): Promise<{ ms: number; outputs: NamedTensor[] }> => {
      await dataflow.run(frame, all);
      const start = performance.now();
      const { values } = await dataflow.run(frame, all);
      return { ms: performance.now() - start, outputs: [...this.#outputs(values, all).values()].flat() };
    };
    const here = await timed(this.#dataflow);
    const cpu = await timed(new Dataflow(new Sessions(ort, folder, manifest, 'cpu', threads)));
    return { ...compareOutputs(here.outputs, cpu.outputs), deviceMs: here.ms, cpuMs: cpu.ms };
  }

  /** Runs one frame and decodes it. The maps' arrays are fresh; nobody here keeps them. A frame that fails ends what its stream remembers. */
  async run(frame: WireFrame, { modalities, stream, memory, phrase }: EngineRun): Promise<EngineResult> {
    const { manifest, size } = this.options;
    const start = performance.now();
    const grid = chooseGrid(frame, manifest.input, size);
    const rgb = this.#resample(frame, grid);
    const { focal, focalKnown } = gridFocal(frame, grid);
    const resampled = performance.now();
    const moment: Moment = { stamp: frame.stamp, source: { width: frame.width, height: frame.height }, grid, focal, rgb, trust: exposureTrust(rgb), modalities, memory };
    try {
      const past: Recollection = stream === undefined ? {} : this.#memory.recall(stream, moment);
      const inputs = { ...grid, rgb, focal };
      const { values, hasPrevious } = await this.#dataflow.run(inputs, modalities, past);
      const found = phrase && decodeReferred(this.#named('referred', await this.#dataflow.refer(inputs, phrase, values)));
      const inferred = performance.now();
      const maps = decode(manifest, this.#outputs(values, modalities), { grid, focal, focalKnown, hasPrevious });
      mistrust(maps, moment.trust, past.trust);
      if (stream !== undefined) this.#memory.keep(stream, moment, values);
      const timing = { resampleMs: resampled - start, inferenceMs: inferred - resampled, decodeMs: performance.now() - inferred };
      return { maps, timing, ...(past.reset && { reset: past.reset }), ...(found && { found }) };
    } catch (error) {
      if (stream !== undefined) this.forget(stream); // a NaN in its memory would be there for good
      throw error;
    }
  }

  /** Makes one frame of a clip; see `Painter.paint`. A frame that fails leaves the clip as it was. */
  paint(request: PaintRequest, onStep: StepListener): Promise<Painted> {
    this.#painter ??= new Painter(this.#dataflow.sessions);
    return this.#painter.paint(request, onStep);
  }

  forget(stream: StreamKey): void {
    this.#memory.forget(stream);
    this.#painter?.forget(stream);
  }

  #resample(frame: WireFrame, grid: Size): Uint8Array {
    const key = `${frame.width}x${frame.height}>${grid.width}x${grid.height}`;
    if (this.#resampler?.key !== key) this.#resampler = { key, run: createRgbResampler(frame.width, frame.height, grid.width, grid.height) };
    return this.#resampler.run(frame.rgb);
  }

  #named(name: string, { type, data, dims }: Tensor): NamedTensor {
    return { name, type, data: data, dims };
  }

  #outputs(values: Values, modalities: readonly Modality[]): Map<Modality, NamedTensor[]> {
    const outputs = new Map<Modality, NamedTensor[]>();
    for (const modality of modalities) {
      const stream = this.options.manifest.modalities[modality];
      if (!stream) continue;
      outputs.set(
        modality,
        stream.outputs.map((name) => {
          const key = `${stream.graph}.${name}`;
          return this.#named(key, values.get(key) as Tensor);
        }),
      );
    }
    return outputs;
  }
}

/** Lowers confidences where the picture (for flow: either one) shows too little to be believed. */
function mistrust({ depth, flow, segmentation }: DecodedMaps, now: number, before = now): void {
  for (const [map, trust] of [[depth, now], [segmentation, now], [flow, Math.min(now, before)]] as const) {
    if (trust < 1) map?.confidence?.forEach((value, i, values: Float32Array) => (values[i] = value * trust));
  }
}

/** A fixed picture with smooth parts, edges and noise, so that every kernel has something to get wrong. */
function testPicture({ width, height }: Size): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let noise = 1;
  for (let i = 0; i < rgb.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const checker = ((x >> 4) + (y >> 4)) % 2 === 0 ? 60 : 0;
    rgb[i] = (120 * x) / width + (60 * y) / height + checker * (i % 3) * 0.5 + (noise >>> 28);
  }
  return rgb;
}
