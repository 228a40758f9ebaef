import { MODALITIES, SextantError } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import { guide, variantsFor, type Variant } from '../generate/guidance.js';
import { fillNoise } from '../generate/noise.js';
import { enlarged, enlargedStreams, fromRgb8, quantised, toRgb8 } from '../generate/pixels.js';
import { sample } from '../generate/samplers.js';
import type { Source } from '../manifest/sources.js';
import { promptTensor, selectTensor, type TaskTensor } from '../tasks.js';
import type { PaintRequest, Painted, StreamKey } from './messages.js';
import { planPainting, type PaintPlan, type PaintStep } from './paint-plan.js';
import { taskGraphs } from './plan.js';
import type { Sessions } from './sessions.js';
import { checkState, stateDims } from './states.js';

const STREAMS = 3 * MODALITIES.length;
/** Which noise a number is of. */
const FIRST_NOISE = 0;
const LATER_NOISE = 1;

/** What a clip keeps of its frames so far. */
interface Kept {
  readonly states: Map<string, Tensor>;
  /** rgb8 of the newest. */
  readonly rgb: Uint8Array;
}

/** Everything that a frame's graphs may read. */
interface Sight {
  readonly request: PaintRequest;
  readonly variant: Variant;
  readonly kept: Kept | undefined;
  /** What is made: noised RGB and, for joint, the noised streams; absent once all noise is gone. */
  readonly z?: readonly Float32Array[];
  /** The small picture without noise, of which the frame is painted. */
  readonly small?: Float32Array;
  readonly time: number;
  /** The clean streams: the condition, or what joint generation made. */
  readonly streams?: Float32Array;
  /** The finished picture. */
  readonly rgb?: Uint8Array;
}

/** Called after each step with the picture as it would be now; a rejection ends the painting. */
export type StepListener = (step: number, clean: Float32Array) => Promise<void>;

/** The worker's generating side: samples frames one after another, each continuing its clip by the causal cache. */
export class Painter {
  readonly #clips = new Map<StreamKey, Kept>();
  readonly #plans = new Map<string, PaintPlan>();
  readonly #taskGraphs: ReadonlySet<string>;

  constructor(private readonly sessions: Sessions) {
    this.#taskGraphs = taskGraphs(sessions.manifest);
  }

  /**
   * Makes one frame. The arrays are fresh; nobody here keeps them.
   * @throws SextantError `inference-failed`, `model-damaged`, `device-unavailable`; whatever `onStep` throws.
   */
  async paint(request: PaintRequest, onStep: StepListener): Promise<Painted> {
    const { task, clip, index, width, height, seed, prime } = request;
    const plan = this.#plan(task);
    for (const [i, earlier] of prime.entries()) await this.#remember(plan, request, earlier.rgb, earlier.streams, i > 0 ? this.#clips.get(clip) : undefined);
    const kept = this.#clips.get(clip);
    if (index > 0 && !kept) {
      throw new SextantError('worker-lost', `frame ${index} continues a clip that this worker does not know`, { hint: 'The frames before are handed over again.', details: { restarting: true, forgotten: true } });
    }
    const started = performance.now();
    const spec = this.sessions.manifest.tasks?.[task];
    const sampler = spec?.sampler;
    if (!spec?.made || !sampler || sampler.type === 'one-step') throw new SextantError('internal', `task ${task} has no sampler`, { hint: 'It should have been refused.' });
    const { block } = sampler;
    const n = (width / block) * (height / block);
    const z = [new Float32Array(3 * n), ...(task === 'joint' ? [new Float32Array(STREAMS * n)] : [])];
    z.forEach((values, k) => fillNoise(values, seed, index, FIRST_NOISE, k));
    const made = Object.values(spec.made).filter((key) => key !== undefined);
    const variants = variantsFor(request.guidance);

    const steady = new Map<boolean, Map<string, Tensor>>();
    const look = async (now: readonly Float32Array[], t: number): Promise<Float32Array[]> => {
      const looks: Partial<Record<Variant, Float32Array[]>> = {};
      for (const variant of variants) {
        const sight: Sight = { request, variant, kept, z: now, time: t * sampler.timeScale, ...(request.streams && { streams: request.streams }) };
        const told = variant !== 'nothing';
        let values = steady.get(told);
        if (!values) steady.set(told, (values = await this.#run(plan.steady, sight, new Map())));
        const seen = await this.#run(plan.look, sight, new Map(values));
        looks[variant] = made.map((key, k) => {
          const data = floatsOf(seen.get(key), key, now[k].length);
          return sampler.predicts === 'velocity' ? data.map((v, i) => now[k][i] - t * v) : data;
        });
      }
      return made.map((_, k) => clipped(guide(request.guidance, Object.fromEntries(variants.map((v) => [v, looks[v]![k]])))));
    };
    await sample(z, look, {
      sampler: request.sampler, steps: request.steps, shift: request.shift,
      noise: (out, k, step) => fillNoise(out, seed, index, LATER_NOISE + step, k),
      onStep: (step, [clean]) => onStep(step, enlarged(clean, width, block)),
    });
    z.forEach((values, k) => checkFinite(values, made[k]));
    const [picture, streams] = spec.painted ? await this.#finish(plan, spec.painted, { request, kept, z, block }, steady.get(true)) : z;
    const rgb = toRgb8(picture);
    const sampled = performance.now();
    await this.#remember(plan, request, rgb, streams ? quantised(streams) : (request.streams as Float32Array), kept, steady.get(true));
    return { rgb, ...(streams && { streams }), timing: { sampleMs: sampled - started, rememberMs: performance.now() - sampled, looks: variants.length } };
  }

  /** The frame at full size, and for joint its streams, of the small ones in `z`. */
  async #finish(
    plan: PaintPlan, painted: { readonly rgb: string; readonly streams?: string | undefined },
    { request, kept, z: [small, smallStreams], block }: Pick<Sight, 'request' | 'kept'> & { readonly z: readonly Float32Array[]; readonly block: number }, known?: ReadonlyMap<string, Tensor>,
  ): Promise<readonly Float32Array[]> {
    const { width, height } = request;
    const streams = smallStreams ? enlargedStreams(smallStreams, width, block) : request.streams;
    const values = await this.#run(plan.finish, { request, variant: 'full', kept, time: 0, small, ...(streams && { streams }) }, new Map(known));
    return [painted.rgb, ...(smallStreams && painted.streams ? [painted.streams] : [])].map((key, k) => {
      const data = floatsOf(values.get(key), key, (k === 0 ? 3 : STREAMS) * width * height);
      checkFinite(data, key);
      return data;
    });
  }

  forget(clip: StreamKey): void {
    this.#clips.delete(clip);
  }

  /** Runs the graphs that give the next frame its states. */
  async #remember(plan: PaintPlan, request: PaintRequest, rgb: Uint8Array, streams: Float32Array, kept: Kept | undefined, known?: ReadonlyMap<string, Tensor>): Promise<void> {
    const done = plan.after.filter(({ graph, outputs }) => !(known && outputs.every((output) => known.has(`${graph}.${output}`))));
    const values = await this.#run(done, { request, variant: 'full', kept, time: 0, streams, rgb }, new Map(known));
    const states = new Map<string, Tensor>();
    for (const key of plan.states) {
      const tensor = values.get(key) as Tensor;
      checkState(key, tensor, this.sessions.manifest, request);
      states.set(key, tensor);
    }
    this.#clips.set(request.clip, { states, rgb: rgb.slice() }); // the caller gives its own away
  }

  async #run(steps: readonly PaintStep[], sight: Sight, values: Map<string, Tensor>): Promise<Map<string, Tensor>> {
    for (const { graph, inputs, outputs } of steps) {
      const feeds = Object.fromEntries(inputs.map(([name, source]) => [name, this.#value(source, sight, values)]));
      const results = await this.sessions.run(graph, feeds, outputs);
      for (const output of outputs) values.set(`${graph}.${output}`, results[output]);
    }
    return values;
  }

  #value(source: Source, sight: Sight, values: ReadonlyMap<string, Tensor>): Tensor {
    const { manifest, ort } = this.sessions;
    const { width, height } = sight.request;
    if (source.from === 'state') {
      const key = `${source.graph}.${source.output}`;
      // Without the condition there is no memory of it either.
      const forgotten = sight.variant === 'nothing' && this.#taskGraphs.has(source.graph);
      const known = forgotten ? undefined : sight.kept?.states.get(key);
      if (known) return known;
      const dims = stateDims(manifest.states[key], sight.request);
      return new ort.Tensor('float32', new Float32Array(dims.reduce((n, side) => n * side, 1)), dims);
    }
    if ('graph' in source) return values.get(`${source.graph}.${source.output}`) as Tensor;
    if (source.from === 'frame') {
      if (source.name === 'focal') return new ort.Tensor('float32', Float32Array.of(sight.request.focal), [1]);
      if (source.name === 'rgb' && sight.rgb) return new ort.Tensor('uint8', sight.rgb, [1, height, width, 3]);
      throw new SextantError('internal', `frame.${source.name} is read by a graph that makes it`, { hint: 'The manifest does not fit the task.' });
    }
    const { type, data, dims } = this.#taskTensor(source.name, sight);
    return new ort.Tensor(type, data as Float32Array, dims);
  }

  #taskTensor(name: string, { request, variant, kept, z, small, time, streams }: Sight): TaskTensor {
    const { width, height, caption, negative, modalities, palette } = request;
    const sampler = this.sessions.manifest.tasks?.[request.task].sampler;
    const block = sampler && 'block' in sampler ? sampler.block : 1;
    const plane = (data: Float32Array, channels: number, per = 1): TaskTensor => ({ type: 'float32', data, dims: [1, channels, height / per, width / per] });
    const n = width * height;
    const told = variant !== 'nothing';
    const asked = new Set(told ? modalities : []);
    switch (name) {
      case 'z':
        return plane(z?.[0] ?? new Float32Array((3 * n) / block ** 2), 3, block);
      case 'z_streams':
        return plane(onlyChosen(z?.[1] ?? new Float32Array((STREAMS * n) / block ** 2), asked, n / block ** 2), STREAMS, block);
      case 'small':
        return plane(small ?? new Float32Array((3 * n) / block ** 2), 3, block);
      case 'time':
        return { type: 'float32', data: Float32Array.of(time), dims: [1] };
      case 'streams':
        return plane(told && streams ? onlyChosen(streams, asked, n) : new Float32Array(STREAMS * n), STREAMS);
      case 'beside': {
        const beside = new Float32Array(8 * n);
        if (kept) {
          fromRgb8(kept.rgb, beside);
          beside.fill(1, 3 * n, 4 * n);
        }
        if (palette && told) {
          fromRgb8(palette, beside, 4 * n);
          beside.fill(1, 7 * n);
        }
        return plane(beside, 8);
      }
      case 'select':
        return selectTensor(asked);
      case 'prompt':
        return promptTensor(this.sessions.manifest, asked);
      case 'caption':
        return { type: 'int64', data: BigInt64Array.from(variant === 'full' ? caption : negative, BigInt), dims: [1, caption.length] };
      default:
        throw new SextantError('internal', `task.${name} has no value while generating`, { hint: 'The manifest does not fit the task.' });
    }
  }

  #plan(task: 'generate' | 'joint'): PaintPlan {
    const known = this.#plans.get(task);
    if (known) return known;
    const plan = planPainting(this.sessions.manifest, task);
    this.#plans.set(task, plan);
    return plan;
  }
}

/** The values of a graph's output. */
function floatsOf(tensor: Tensor | undefined, key: string, length: number): Float32Array {
  const data = tensor?.data;
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw new SextantError('inference-failed', `output ${key} is ${tensor?.type} [${tensor?.dims.join(', ')}], expected float32 of ${length} values`, { hint: 'The graph does not fit tasks in manifest.json.', details: { output: key } });
  }
  return data;
}

/** Signals lie in [-1, 1]: a prediction beyond is a mistake that guidance makes. */
function clipped(x: Float32Array): Float32Array {
  return x.map((value) => Math.max(-1, Math.min(1, value)));
}

/** The streams of the modalities asked for; zeros for the others, as in training. */
function onlyChosen(streams: Float32Array, asked: ReadonlySet<string>, n: number): Float32Array {
  const out = new Float32Array(streams.length);
  MODALITIES.forEach((modality, i) => {
    if (asked.has(modality)) out.set(streams.subarray(3 * i * n, 3 * (i + 1) * n), 3 * i * n);
  });
  return out;
}

function checkFinite(values: Float32Array, key: string): void {
  const bad = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad === 0) return;
  throw new SextantError('inference-failed', `output ${key} holds ${bad} of ${values.length} values that are NaN or infinite`, {
    hint: 'Try --device cpu and less guidance; if it happens there too, the weights are broken.',
    details: { output: key, bad, total: values.length },
  });
}
