import { MODALITIES, SextantError, createRgbResampler, type Modality, type RgbResampler } from '@sextant/core';
import * as ort from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import { OF_PEOPLE, comeCloser, type Seen } from '../close-ups/close-ups.js';
import { nearby } from '../close-ups/nearby.js';
import { decode, decodePeople, type DecodedMaps } from '../codecs/decode.js';
import { ofColour } from '../codecs/of-colour.js';
import { decodeGroup, decodeReferred, type FoundMap } from '../codecs/referred.js';
import type { Manifest } from '../manifest/schema.js';
import { compareOutputs } from './compare.js';
import { Dataflow, type FrameInputs, type Pass, type Values } from './dataflow.js';
import type { DeviceCheck } from './device.js';
import { exposureTrust, mistrust } from './exposure.js';
import type { TrustMap } from './exposure.js';
import { chooseGrid, gridFocal, type Size } from './grid.js';
import type { OpenOptions, PaintRequest, Painted, ResetReason, Sought, StreamKey, Timing, WireFrame } from './messages.js';
import { Painter, type StepListener } from './painter.js';
import { Sessions } from './sessions.js';
import { StreamMemory, type Moment, type Recollection } from './stream-memory.js';
import type { NamedTensor } from './tensor.js';
import { thumbnailOf } from './thumbnail.js';
import { combine } from '../views/combine.js';
import { mirrorPicture } from '../views/mirror.js';
import { toFirstView, type ViewGrid } from '../views/to-first-view.js';
import { VIEWS, gridOf, type View } from '../views/view.js';

// Failures come as exceptions; onnxruntime would print each of them to stderr as well.
ort.env.logLevel = 'fatal';

/** Pairs of sizes whose tables are kept: a camera's grids, and those of a few cameras of clients. */
const MAX_RESAMPLERS = 16;

/** How one frame is to be run. */
export interface EngineRun {
  readonly modalities: readonly Modality[];
  /** The stream it continues; without one it stands alone. */
  readonly stream?: StreamKey;
  /** Whether `state.*` is carried from frame to frame. */
  readonly memory: boolean;
  /** What to find by name. */
  readonly sought?: Sought;
  /** Views that are shown and averaged, 1 to `MOST_STEPS`. */
  readonly steps: number;
  /** People who are looked at again from nearby, 0 to `MOST_CLOSE_UPS`. */
  readonly closeUps: number;
}

/** What the network said of one view. */
interface Looked {
  readonly view: View;
  readonly manifest: Manifest;
  readonly grid: ViewGrid;
  readonly inputs: FrameInputs;
  readonly trust: TrustMap | undefined;
  readonly past: Recollection;
  readonly pass: Pass;
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
  /** For close-ups. */
  readonly #nearby: Dataflow;
  /** One for each view: what is seen mirrored or larger goes on by itself. */
  readonly #memories: readonly StreamMemory[];
  #painter?: Painter;
  readonly #resamplers = new Map<string, RgbResampler>();

  constructor(private readonly options: OpenOptions) {
    const { folder, manifest, device, threads } = options;
    this.#dataflow = new Dataflow(new Sessions(ort, folder, manifest, device, threads));
    this.#nearby = manifest.closeUps ? new Dataflow(this.#dataflow.sessions, nearby(manifest)) : this.#dataflow;
    this.#memories = VIEWS.map(() => new StreamMemory(manifest));
  }

  /**
   * Loads every graph that an estimation can need by running all of them once, those of phrases and close-ups too, which also finds graphs that do not fit
   * together. On another device than the CPU with `check`, compares the modalities' outputs with the CPU's.
   */
  async open(): Promise<DeviceCheck | undefined> {
    const { folder, manifest, device, threads, check, size } = this.options;
    const all = MODALITIES.filter((m) => manifest.modalities[m]);
    const grid = chooseGrid(size ?? manifest.input, manifest.input, size);
    const frame = testFrame(grid);
    const { referring, closeUps } = manifest;
    const { values: known } = await this.#dataflow.run(frame, all, {}, referring?.graph);
    if (referring) await this.#dataflow.alone(referring.graph, referring.modality, frame, known);
    if (closeUps) await this.#nearby.run(testFrame(closeUps), MODALITIES.filter((m) => closeUps.modalities[m]));
    if (device === 'cpu' || !check) return undefined;
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

  /**
   * Runs one frame and decodes it; with several steps the mean of as many views. The maps' arrays are fresh; nobody here keeps them. A frame that
   * fails ends what its stream remembers.
   */
  async run(frame: WireFrame, how: EngineRun): Promise<EngineResult> {
    const { manifest, size } = this.options;
    const { stream, sought, steps } = how;
    const closeUps = how.modalities.some((modality) => OF_PEOPLE.has(modality)) ? how.closeUps : 0;
    // Where people are, their skeletons say.
    const modalities = closeUps === 0 ? how.modalities : MODALITIES.filter((m) => m === 'skeleton' || how.modalities.includes(m));
    const start = performance.now();
    const grid = chooseGrid(frame, manifest.input, size);
    const { focalKnown } = gridFocal(frame, grid);
    let resampleMs = 0;
    try {
      const views: Looked[] = [];
      for (const [index, view] of VIEWS.entries()) {
        if (index >= steps) {
          // What it remembers would be older than the frame before.
          if (stream !== undefined) this.#memories[index].forget(stream);
          continue;
        }
        const begun = performance.now();
        const picture = this.#picture(frame, view, grid);
        resampleMs += performance.now() - begun;
        // What is sought is sought in the first view only.
        views.push(await this.#look(this.#dataflow, frame, { ...how, modalities }, view, picture, this.#memories[index], index === 0 ? this.#seeker(sought) : undefined));
      }
      const [first] = views;
      const found = sought && (await this.#find(sought, first));
      const outputs = this.#said(views, modalities);
      const people = closeUps === 0 ? undefined : decodePeople(manifest, outputs, grid);
      const nearer = people && (await comeCloser(frame, people, modalities, closeUps, this.#nearby.manifest, (part, asked) => this.#lookAlone(part, asked, steps)));
      const inferred = performance.now();
      const maps = decode(manifest, outputs, { grid, focal: first.grid.focal, focalKnown, hasPrevious: first.pass.hasPrevious }, nearer);
      if (!how.modalities.includes('skeleton')) delete maps.skeleton;
      if (maps.flow && first.past.since !== undefined) maps.flow = { ...maps.flow, since: first.past.since };
      for (const map of [maps.depth, maps.segmentation]) mistrust(map, first.trust);
      if (maps.flow?.confidence && (first.trust ?? first.past.trust)) maps.flow = { ...maps.flow, visibility: maps.flow.confidence.slice() };
      mistrust(maps.flow, first.trust, first.past.trust);
      const timing = { resampleMs, inferenceMs: inferred - start - resampleMs, decodeMs: performance.now() - inferred };
      return { maps, timing, ...(first.past.reset && { reset: first.past.reset }), ...(found && { found }) };
    } catch (error) {
      if (stream !== undefined) this.forget(stream); // a NaN in its memory would be there for good
      throw error;
    }
  }

  /** One view of a frame through the network, with that view's own memory of the stream. */
  async #look(dataflow: Dataflow, { stamp, width, height, ...frame }: WireFrame, { modalities, stream, memory }: Pick<EngineRun, 'modalities' | 'stream' | 'memory'>, view: View, picture: Size & { rgb: Uint8Array }, memories: StreamMemory, next?: string): Promise<Looked> {
    const grid = { width: picture.width, height: picture.height };
    const { focal } = gridFocal({ width, ...frame }, grid);
    const thumbnail = thumbnailOf(picture.rgb, grid);
    const trust = exposureTrust(picture.rgb, grid, thumbnail);
    const moment: Moment = { stamp, source: { width, height }, grid, focal, thumbnail, trust, modalities, memory };
    const past: Recollection = stream === undefined ? {} : memories.recall(stream, moment);
    const inputs = { ...picture, focal };
    const pass = await dataflow.run(inputs, modalities, past, next);
    if (stream !== undefined) memories.keep(stream, moment, pass.values);
    return { view, manifest: dataflow.manifest, grid: { ...grid, focal }, inputs, trust, past, pass };
  }

  /** The graph that finds what is sought. */
  #seeker(sought: Sought | undefined): string | undefined {
    const { referring, modalities } = this.options.manifest;
    return sought && ('prompt' in sought ? referring?.graph : modalities.segmentation?.graph);
  }

  /** What is sought in a frame, by a pass of its own: nothing of the other answers changes. */
  async #find(sought: Sought, looked: Looked): Promise<FoundMap> {
    const found = await this.#findAny(sought, looked);
    return sought.colours === undefined ? found : ofColour(found, sought.colours, looked.inputs);
  }

  /** What is sought, of any colour. */
  async #findAny(sought: Sought, { inputs, pass, grid }: Looked): Promise<FoundMap> {
    const { manifest } = this.options;
    const { referring } = manifest;
    if (!referring) throw new SextantError('internal', 'a model without referring is asked for a named thing', { hint: 'It should have been refused.' });
    if ('prompt' in sought) {
      const { graph, output, modality } = referring;
      const values = await this.#dataflow.alone(graph, modality, inputs, pass.values, sought.prompt);
      return decodeReferred(this.#named('referred', values.get(`${graph}.${output}`) as Tensor));
    }
    const { graph: classifier } = manifest.modalities.segmentation!;
    const outputs = this.#outputs(await this.#dataflow.alone(classifier, 'segmentation', inputs, pass.values), ['segmentation']);
    return decodeGroup(decode(manifest, outputs, { grid, focal: grid.focal, focalKnown: false, hasPrevious: false }).segmentation!, sought.classes);
  }

  /**
   * A picture that belongs to no stream, in as many views: by the graphs that the model has for close-ups, or by all of it, on no larger a grid than its
   * own, on which a person that fills the picture is known best.
   */
  async #lookAlone(frame: WireFrame, modalities: readonly Modality[], steps: number): Promise<Seen> {
    const dataflow = this.#nearby;
    const { input, closeUps } = dataflow.manifest;
    const { size = input } = this.options;
    const grid = chooseGrid(frame, input, !closeUps && size.width * size.height < input.width * input.height ? size : input);
    const views: Looked[] = [];
    for (const view of VIEWS.slice(0, steps)) views.push(await this.#look(dataflow, frame, { modalities, memory: false }, view, this.#picture(frame, view, grid), this.#memories[0]));
    return { outputs: this.#said(views, modalities), grid, focal: views[0].grid.focal };
  }

  /** The outputs of one view, or of all the mean. */
  #said(views: readonly Looked[], modalities: readonly Modality[]): Map<Modality, NamedTensor[]> {
    return views.length === 1 ? this.#outputs(views[0].pass.values, modalities, views[0].manifest) : this.#mean(views, modalities);
  }

  /** The outputs of all views, in the terms of the first. */
  #mean(views: readonly Looked[], modalities: readonly Modality[]): Map<Modality, NamedTensor[]> {
    const [first, ...others] = views.map((looked) => ({ ...looked, outputs: this.#outputs(looked.pass.values, modalities, looked.manifest) }));
    const means = new Map<Modality, NamedTensor[]>();
    for (const [modality, like] of first.outputs) {
      const { codec } = first.manifest.modalities[modality]!;
      // A view with no frame before says that nothing moved.
      const told = codec.type === 'grid-flow' && first.pass.hasPrevious ? others.filter(({ pass }) => pass.hasPrevious) : others;
      const turned = told.map(({ outputs, view, grid }) => toFirstView(codec, outputs.get(modality)!, like, view.mirrored, grid, first.grid));
      means.set(modality, combine(codec, [like, ...turned]));
    }
    return means;
  }

  /** Makes one frame of a clip; see `Painter.paint`. A frame that fails leaves the clip as it was. */
  paint(request: PaintRequest, onStep: StepListener): Promise<Painted> {
    this.#painter ??= new Painter(this.#dataflow.sessions);
    return this.#painter.paint(request, onStep);
  }

  forget(stream: StreamKey): void {
    for (const memory of this.#memories) memory.forget(stream);
    this.#painter?.forget(stream);
  }

  /** The frame as a view shows it. */
  #picture(frame: WireFrame, view: View, first: Size): Size & { rgb: Uint8Array } {
    const grid = view.scale === 1 ? first : gridOf(view, first, this.options.manifest.input);
    const rgb = this.#resample(frame, grid);
    return { ...grid, rgb: view.mirrored ? mirrorPicture(rgb, grid.width, 3) : rgb };
  }

  #resample(frame: WireFrame, grid: Size): Uint8Array {
    const key = `${frame.width}x${frame.height}>${grid.width}x${grid.height}`;
    let resample = this.#resamplers.get(key);
    resample ??= createRgbResampler(frame.width, frame.height, grid.width, grid.height);
    // The one used longest ago goes: close-ups are hardly ever of a size that comes again, frames always are.
    this.#resamplers.delete(key);
    this.#resamplers.set(key, resample);
    if (this.#resamplers.size > MAX_RESAMPLERS) this.#resamplers.delete(this.#resamplers.keys().next().value!);
    return resample(frame.rgb);
  }

  #named(name: string, { type, data, dims }: Tensor): NamedTensor {
    return { name, type, data: data, dims };
  }

  #outputs(values: Values, modalities: readonly Modality[], manifest = this.options.manifest): Map<Modality, NamedTensor[]> {
    const outputs = new Map<Modality, NamedTensor[]>();
    for (const modality of modalities) {
      const stream = manifest.modalities[modality];
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

/** A fixed picture with smooth parts, edges and noise, so that every kernel has something to get wrong. */
function testFrame({ width, height }: Size): FrameInputs {
  const rgb = new Uint8Array(width * height * 3);
  let noise = 1;
  for (let i = 0; i < rgb.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const checker = ((x >> 4) + (y >> 4)) % 2 === 0 ? 60 : 0;
    rgb[i] = (120 * x) / width + (60 * y) / height + checker * (i % 3) * 0.5 + (noise >>> 28);
  }
  return { width, height, rgb, focal: 0.9 * width };
}
