import { SextantError, type Skeletons } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import { decodePeople } from '../codecs/decode.js';
import { resizeStreams } from '../codecs/resize-streams.js';
import { scaleSkeletons } from '../codecs/scale-skeletons.js';
import { baseSize, resized, resizeRgb } from '../generate/base-size.js';
import { drawingOf } from '../generate/conditions.js';
import { guidanceOf, guide, variantsAt, variantsFor, type Variant } from '../generate/guidance.js';
import { fillNoise } from '../generate/noise.js';
import { enlarged, fromRgb8, quantised, reduced, toRgb8 } from '../generate/pixels.js';
import { sample } from '../generate/samplers.js';
import type { TaskSpec } from '../manifest/schema.js';
import { sameSize, type Size } from './grid.js';
import type { PaintRequest, Painted, StreamKey } from './messages.js';
import { STREAMS, frameBefore, valueOf, type Kept, type Sight } from './paint-inputs.js';
import { planPainting, type PaintPlan, type PaintStep } from './paint-plan.js';
import { taskGraphs } from './plan.js';
import type { Sessions } from './sessions.js';
import { checkState } from './states.js';

/** Which noise a number is of. */
const FIRST_NOISE = 0;
const LATER_NOISE = 1;

/** A task that takes noise away. */
type PaintingTask = TaskSpec & { readonly made: NonNullable<TaskSpec['made']>; readonly sampler: Exclude<TaskSpec['sampler'], { readonly type: 'one-step' }> };

interface Sampled {
  /** RGB without noise and, for joint, the streams. */
  readonly z: readonly Float32Array[];
  /** Outputs of the graphs that look at the condition and not at noise. */
  readonly told: ReadonlyMap<string, Tensor> | undefined;
}

/** Called after each step; `clean` gives rgb8 of the frame as it would be now. A rejection ends the painting. */
export type StepListener = (step: number, clean: () => Uint8Array) => Promise<void>;

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
    const { task, clip, index, prime, repaint } = request;
    const plan = this.#plan(task);
    for (const [i, earlier] of prime.entries()) await this.#remember(plan, this.#baseOf({ ...request, streams: earlier.streams }), request, earlier.rgb, i > 0 ? this.#clips.get(clip) : undefined);
    const kept = this.#clips.get(clip);
    if (index > 0 && !kept) {
      throw new SextantError('worker-lost', `frame ${index} continues a clip that this worker does not know`, { hint: 'The frames before are handed over again.', details: { restarting: true, forgotten: true } });
    }
    const started = performance.now();
    let [drawn, base] = [request, this.#baseOf(request)];
    const shown: StepListener = (step, clean) => onStep(step, () => resizeRgb(clean(), base, request));
    let before = frameBefore(base, kept);
    let sampled = await this.#sample(base, kept, before, 0, shown);
    const { streams, people } = task === 'joint' ? await this.#sharpen(base, request, kept, sampled.z) : {};
    if (streams) {
      drawn = { ...request, streams: quantised(streams) };
      base = this.#baseOf(drawn);
    }
    if (repaint) {
      [drawn, base] = [drawn, base].map((r) => ({ ...r, ...repaint, task: 'generate' as const }));
      before = frameBefore(base, kept);
      sampled = await this.#sample(base, kept, before, sampled.z.length, (step, clean) => shown(request.steps + step, clean));
    }
    let rgb = toRgb8(await this.#finish(base, kept, before, sampled.z[0], sampled.told));
    if (!sameSize(base, drawn)) rgb = toRgb8(await this.#finish(drawn, kept, frameBefore(drawn, kept && { rgb: kept.painted }), this.#small(rgb, base, drawn), sampled.told));
    const finished = performance.now();
    await this.#remember(plan, { ...base, task }, request, rgb, kept, sampled.told);
    return { rgb, ...(streams && { streams }), ...(people && { people }), timing: { sampleMs: finished - started, rememberMs: performance.now() - finished, looks: variantsFor(guidanceOf(request.guidance, index)).length } };
  }

  /** The frame at the size at which it is sampled. */
  #baseOf(request: PaintRequest): PaintRequest {
    const { manifest } = this.sessions;
    return resized(request, baseSize(request, this.#spec(request.task), manifest.input), request.modalities, drawingOf(manifest));
  }

  /** The small picture [3,H/block,W/block] of a frame, of what was painted of it at another size. */
  #small(painted: Uint8Array, from: Size, { task, width, height }: PaintRequest): Float32Array {
    const { block } = this.#spec(task).sampler;
    return fromRgb8(resizeRgb(painted, from, { width: width / block, height: height / block }), new Float32Array((3 * width * height) / block ** 2));
  }

  /** Takes the noise of a frame away, step by step. `noise`: number of the first of its noises, so that no two are alike. */
  async #sample(request: PaintRequest, kept: Kept | undefined, shown: Sight['before'], noise: number, onStep: StepListener): Promise<Sampled> {
    const { task, index, width, height, seed } = request;
    const plan = this.#plan(task);
    const { made: { rgb, streams }, sampler } = this.#spec(task);
    const { block } = sampler;
    const n = (width / block) * (height / block);
    const made = [rgb, ...(streams === undefined ? [] : [streams])];
    const before = sampler.continueAt < 1 ? kept?.small : undefined;
    const from = before ? sampler.continueAt : 1;
    const z = made.map((_, k) => {
      const values = fillNoise(new Float32Array(channelsOf(k) * n), seed, index, FIRST_NOISE, noise + k);
      return before ? values.map((v, i) => (1 - from) * before[k][i] + from * v) : values;
    });

    const guidance = guidanceOf(request.guidance, index);
    const steady = new Map<boolean, Map<string, Tensor>>();
    const look = async (now: readonly Float32Array[], t: number): Promise<Float32Array[]> => {
      const looks: Partial<Record<Variant, Float32Array[]>> = {};
      const asked = variantsAt(guidance, t);
      for (const variant of asked) {
        const sight: Sight = { request, variant, kept, before: shown, z: now, time: t * sampler.timeScale, ...(request.streams && { streams: request.streams }) };
        const told = variant !== 'nothing';
        let values = steady.get(told);
        if (!values) steady.set(told, (values = await this.#run(plan.steady, sight, new Map())));
        const seen = await this.#run(plan.look, sight, new Map(values));
        looks[variant] = made.map((key, k) => {
          const data = floatsOf(seen.get(key), key, now[k].length);
          return sampler.predicts === 'velocity' ? data.map((v, i) => now[k][i] - t * v) : data;
        });
      }
      return made.map((_, k) => clipped(guide(guidance, Object.fromEntries(asked.map((v) => [v, looks[v]![k]])), channelsOf(k))));
    };
    await sample(z, look, {
      sampler: request.sampler, steps: request.steps, shift: request.shift, from,
      noise: (out, k, step) => fillNoise(out, seed, index, LATER_NOISE + step, noise + k),
      onStep: (step, [clean]) => onStep(step, () => toRgb8(enlarged(clean, width, block))),
    });
    z.forEach((values, k) => checkFinite(values, made[k]));
    return { z, told: steady.get(true) };
  }

  /** Joint: the streams at full size, and the people in them, of the small picture and streams in `z`; those are of `request`, what is returned of `whole`. */
  async #sharpen(request: PaintRequest, whole: Size, kept: Kept | undefined, [small, smallStreams]: Sampled['z']): Promise<{ streams: Float32Array; people?: Skeletons }> {
    const { streams: key, people } = this.#spec(request.task).painted ?? {};
    if (key === undefined) return { streams: smallStreams };
    const values = await this.#run(this.#plan(request.task).sharpen, { request, variant: 'full', kept, time: 0, small, smallStreams }, new Map());
    const found = people !== undefined && request.modalities.includes('skeleton') ? values.get(people) : undefined;
    const decoded = found && decodePeople(this.sessions.manifest, new Map([['skeleton', [{ name: people as string, type: found.type, data: found.data, dims: found.dims }]]]), request);
    const streams = planesOf(values, key, STREAMS, request);
    return {
      streams: sameSize(request, whole) ? streams : resizeStreams(streams, request.modalities, request, whole, drawingOf(this.sessions.manifest)),
      ...(decoded && { people: scaleSkeletons(decoded.skeletons, whole) }),
    };
  }

  /** The picture [3,H,W] of the small one [3,H/block,W/block]. */
  async #finish(request: PaintRequest, kept: Kept | undefined, before: Sight['before'], small: Float32Array, told: Sampled['told']): Promise<Float32Array> {
    const { finish } = this.#plan(request.task);
    const { streams } = request;
    const key = this.#spec(request.task).painted?.rgb;
    if (key === undefined) return small;
    return planesOf(await this.#run(finish, { request, variant: 'full', kept, before, time: 0, small, ...(streams && { streams }) }, new Map(told)), key, 3, request);
  }

  forget(clip: StreamKey): void {
    this.#clips.delete(clip);
  }

  /** Runs the graphs that give the next frame its states, on what was painted at the size `whole`: they see it at that of `request`, at which it was sampled. */
  async #remember(plan: PaintPlan, request: PaintRequest, whole: Size, painted: Uint8Array, kept: Kept | undefined, known?: ReadonlyMap<string, Tensor>): Promise<void> {
    const rgb = resizeRgb(painted, whole, request);
    const streams = request.streams as Float32Array;
    const done = plan.after.filter(({ graph, outputs }) => !(known && outputs.every((output) => known.has(`${graph}.${output}`))));
    const values = await this.#run(done, { request, variant: 'full', kept, time: 0, streams, rgb }, new Map(known));
    const states = new Map<string, Tensor>();
    for (const key of plan.states) {
      const tensor = values.get(key) as Tensor;
      checkState(key, tensor, this.sessions.manifest, request);
      states.set(key, tensor);
    }
    const { block, continueAt } = this.#spec(request.task).sampler;
    const { width } = request;
    const small = continueAt < 1 && [reduced(fromRgb8(rgb, new Float32Array(rgb.length)), width, block), reduced(streams, width, block)];
    const own = painted.slice(); // the caller gives its own away
    this.#clips.set(request.clip, { states, rgb: rgb === painted ? own : rgb, painted: own, ...(small && { small }) });
  }

  async #run(steps: readonly PaintStep[], sight: Sight, values: Map<string, Tensor>): Promise<Map<string, Tensor>> {
    for (const { graph, inputs, outputs } of steps) {
      const feeds = Object.fromEntries(inputs.map(([name, source]) => [name, valueOf(source, sight, values, this.sessions, this.#taskGraphs)]));
      const results = await this.sessions.run(graph, feeds, outputs);
      for (const output of outputs) values.set(`${graph}.${output}`, results[output]);
    }
    return values;
  }

  #spec(task: 'generate' | 'joint'): PaintingTask {
    const spec = this.sessions.manifest.tasks?.[task];
    if (!spec?.made || spec.sampler.type === 'one-step') throw new SextantError('internal', `task ${task} has no sampler`, { hint: 'It should have been refused.' });
    return spec as PaintingTask;
  }

  #plan(task: 'generate' | 'joint'): PaintPlan {
    const known = this.#plans.get(task);
    if (known) return known;
    const plan = planPainting(this.sessions.manifest, task);
    this.#plans.set(task, plan);
    return plan;
  }
}

/** Of what is made, RGB and then the streams. */
const channelsOf = (k: number): number => (k === 0 ? 3 : STREAMS);

/** The values of a graph's output. */
function floatsOf(tensor: Tensor | undefined, key: string, length: number): Float32Array {
  const data = tensor?.data;
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw new SextantError('inference-failed', `output ${key} is ${tensor?.type} [${tensor?.dims.join(', ')}], expected float32 of ${length} values`, { hint: 'The graph does not fit tasks in manifest.json.', details: { output: key } });
  }
  return data;
}

/** Planes of the size of the frame, all finite. */
function planesOf(values: ReadonlyMap<string, Tensor>, key: string, channels: number, { width, height }: PaintRequest): Float32Array {
  const data = floatsOf(values.get(key), key, channels * width * height);
  checkFinite(data, key);
  return data;
}

/** Signals lie in [-1, 1]: a prediction beyond is a mistake that guidance makes. */
function clipped(x: Float32Array): Float32Array {
  return x.map((value) => Math.max(-1, Math.min(1, value)));
}

function checkFinite(values: Float32Array, key: string): void {
  const bad = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad === 0) return;
  throw new SextantError('inference-failed', `output ${key} holds ${bad} of ${values.length} values that are NaN or infinite`, {
    hint: 'Try --device cpu and less guidance; if it happens there too, the weights are broken.',
    details: { output: key, bad, total: values.length },
  });
}
