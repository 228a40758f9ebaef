import { MODALITIES, SextantError, type Modality } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import type { Manifest } from '../manifest/schema.js';
import { parseSource, type Source } from '../manifest/sources.js';
import { noiseTensor, promptTensor, selectTensor, timeTensor, type TaskTensor } from '../tasks.js';
import { planGraphs, taskGraphs } from './plan.js';
import type { Sessions } from './sessions.js';
import { checkState, stateDims } from './states.js';

/** The frame's part of a dataflow's inputs. */
export interface FrameInputs {
  readonly width: number;
  readonly height: number;
  /** rgb8 on the grid, `width * height * 3` bytes of an ordinary (not shared) buffer. */
  readonly rgb: Uint8Array;
  readonly focal: number;
}

/** Values of one pass by `<graph>.<output>`. */
export type Values = ReadonlyMap<string, Tensor>;

/** What a stream has of its frame before. */
export interface Past {
  /** For `previous.*`; where one is absent, the current frame's value stands in. */
  readonly previous?: Values;
  /** For `state.*`; where one is absent, zeros stand in. */
  readonly state?: Values;
}

/** One pass: every value that somebody needs, and whether `previous.*` inputs found one (true where there are none). */
export interface Pass {
  readonly values: Values;
  readonly hasPrevious: boolean;
}

/** A graph of a pass. */
interface Step {
  readonly graph: string;
  readonly inputs: [string, Source][];
  readonly outputs: string[];
  /** Whether it is run for what `alone` will be asked, and no modality needs it. */
  readonly beside: boolean;
}

/** The graphs of a model and the order to run them in. Not to be used by two runs at once. */
export class Dataflow {
  readonly #plans = new Map<string, Step[]>();

  /** @param manifest says which graphs answer; the sessions' own, or `nearby` of it */
  constructor(readonly sessions: Sessions, readonly manifest: Manifest = sessions.manifest) {}

  /**
   * Runs the graphs that `modalities` need.
   * @param next a graph that `alone` will run on this frame: what it needs that does not depend on what is asked for is run here, with the stream's past
   * @throws SextantError `model-damaged`, `device-unavailable` or `inference-failed`.
   */
  async run(frame: FrameInputs, modalities: readonly Modality[], past: Past = {}, next?: string): Promise<Pass> {
    const asked = new Set(modalities);
    const values = new Map<string, Tensor>();
    const tensors = new Map<string, Tensor>();
    let hasPrevious = true;

    const value = (source: Source, beside: boolean): Tensor => {
      if (source.from === 'frame' || source.from === 'task') {
        const key = `${source.from}.${source.name}`;
        let tensor = tensors.get(key);
        if (!tensor) tensors.set(key, (tensor = this.#source(key, frame, asked)));
        return tensor;
      }
      const key = `${source.graph}.${source.output}`;
      if (source.from === 'state') return past.state?.get(key) ?? this.#zeros(key, frame);
      const before = source.from === 'previous' ? past.previous?.get(key) : undefined;
      if (source.from === 'previous' && !before && !beside) hasPrevious = false;
      return before ?? (values.get(key) as Tensor);
    };

    for (const { graph, inputs, outputs, beside } of this.#plan(modalities, next)) {
      const results = await this.sessions.run(graph, Object.fromEntries(inputs.map(([name, source]) => [name, value(source, beside)])), outputs);
      for (const name of outputs) {
        const key = `${graph}.${name}`;
        if (Object.hasOwn(this.manifest.states, key)) checkState(key, results[name], this.manifest, frame);
        values.set(key, results[name]);
      }
    }
    return { values, hasPrevious };
  }

  /**
   * Runs `graph` on a frame that `run` has seen with it as `next`, for one modality alone: graphs that do not depend on what is asked for are not run
   * again and have the stream's memory, the others have none.
   * @param prompt word ids of the modality's prompt, padded; absent: its usual one
   */
  async alone(graph: string, modality: Modality, frame: FrameInputs, known: Values, prompt?: readonly number[]): Promise<Values> {
    const asked = new Set<Modality>([modality]);
    const values = new Map<string, Tensor>();
    const depends = taskGraphs(this.manifest);
    const { Tensor } = this.sessions.ort;
    for (const step of this.#order([graph])) {
      const { inputs, outputs } = this.manifest.graphs[step];
      const kept = depends.has(step) ? [] : outputs.filter((output) => known.has(`${step}.${output}`));
      for (const output of kept) values.set(`${step}.${output}`, known.get(`${step}.${output}`) as Tensor);
      if (kept.length > 0) continue;
      const feeds = Object.entries(inputs).map(([name, text]): [string, Tensor] => {
        const source = parseSource(text) as Source;
        if (source.from === 'task' && source.name === 'prompt' && prompt) {
          const rows = new BigInt64Array(MODALITIES.length * prompt.length);
          prompt.forEach((id, i) => (rows[MODALITIES.indexOf(modality) * prompt.length + i] = BigInt(id)));
          return [name, new Tensor('int64', rows, [1, MODALITIES.length, prompt.length])];
        }
        if (source.from === 'frame' || source.from === 'task') return [name, this.#source(text, frame, asked)];
        const key = `${source.graph}.${source.output}`;
        return [name, source.from === 'state' ? this.#zeros(key, frame) : (values.get(key) as Tensor)];
      });
      const results = await this.sessions.run(step, Object.fromEntries(feeds), outputs);
      for (const output of outputs) values.set(`${step}.${output}`, results[output]);
    }
    return values;
  }

  /** Graphs in order with what they read, and only the outputs that a later graph, a codec or the next frame reads. */
  #plan(modalities: readonly Modality[], next?: string): Step[] {
    const key = [...[...modalities].sort(), `>${next ?? ''}`].join();
    const known = this.#plans.get(key);
    if (known) return known;
    const { manifest } = this;
    const streams = modalities.flatMap((m) => manifest.modalities[m] ?? []);
    const own = this.#order(streams.map((s) => s.graph));
    const depends = taskGraphs(manifest);
    const ahead = next === undefined ? [] : this.#order([next]).filter((graph) => !depends.has(graph));
    const order = [...own, ...ahead.filter((graph) => !own.includes(graph))];
    const read = new Set(streams.flatMap((s) => s.outputs.map((o) => `${s.graph}.${o}`)));
    const steps = order.map((graph) => {
      const inputs = Object.entries(manifest.graphs[graph]?.inputs ?? {}).map(([name, text]): [string, Source] => [name, parseSource(text) as Source]);
      for (const [, source] of inputs) if ('graph' in source) read.add(`${source.graph}.${source.output}`);
      return { graph, inputs, beside: !own.includes(graph) };
    });
    const plan = steps.map((step) => ({ ...step, outputs: (manifest.graphs[step.graph]?.outputs ?? []).filter((o) => ahead.includes(step.graph) || read.has(`${step.graph}.${o}`)) }));
    this.#plans.set(key, plan);
    return plan;
  }

  /** `graphs` and what they need, in order. */
  #order(graphs: readonly string[]): string[] {
    const planned = planGraphs(this.manifest, graphs);
    return 'order' in planned ? planned.order : [];
  }

  /** A state's first value. */
  #zeros(key: string, grid: FrameInputs): Tensor {
    const dims = stateDims(this.manifest.states[key], grid);
    return new this.sessions.ort.Tensor('float32', new Float32Array(dims.reduce((n, side) => n * side, 1)), dims);
  }

  #source(key: string, frame: FrameInputs, asked: ReadonlySet<Modality>): Tensor {
    const { manifest } = this;
    const { Tensor } = this.sessions.ort;
    const tensorOf = ({ type, data, dims }: TaskTensor): Tensor => new Tensor(type, data as Float32Array, dims);
    switch (key) {
      case 'frame.rgb':
        return new Tensor('uint8', manifest.input.channels === 'bgr' ? swapped(frame.rgb) : frame.rgb, [1, frame.height, frame.width, 3]);
      case 'frame.focal':
        return new Tensor('float32', Float32Array.of(frame.focal), [1]);
      case 'frame.image':
        return tensorOf(imageTensor(frame, manifest));
      case 'task.select':
        return tensorOf(selectTensor(asked));
      case 'task.prompt':
        return tensorOf(promptTensor(manifest, asked));
      case 'task.time':
        return tensorOf(timeTensor('estimate'));
      case 'task.noise':
        return tensorOf(noiseTensor(frame.height, frame.width, manifest.streams?.stride ?? 1));
      default:
        throw new SextantError('internal', `no source ${key}`, { hint: 'The manifest check should have refused it.' });
    }
  }
}

function swapped(rgb: Uint8Array): Uint8Array {
  const bgr = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    bgr[i] = rgb[i + 2];
    bgr[i + 1] = rgb[i + 1];
    bgr[i + 2] = rgb[i];
  }
  return bgr;
}

/** (value / 255 - mean) / std, channels in the manifest's order; mean and std are in that order too. */
function imageTensor({ rgb, width, height }: FrameInputs, { input }: Manifest): TaskTensor {
  const { layout, mean, std } = input.normalise as NonNullable<Manifest['input']['normalise']>;
  const n = width * height;
  const out = new Float32Array(3 * n);
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * (std[c]));
    const shift = (mean[c]) / (std[c]);
    const from = input.channels === 'bgr' ? 2 - c : c;
    const [start, step] = layout === 'NCHW' ? [c * n, 1] : [c, 3];
    for (let i = 0; i < n; i++) out[start + i * step] = (rgb[3 * i + from]) * scale - shift;
  }
  return { type: 'float32', data: out, dims: layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3] };
}
