import { appendFile, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MODALITIES } from '@sextant/core';
import type { CameraModel, Modality } from '@sextant/core';
import { loadModel } from '@sextant/model';
import type { DeviceChoice, WorkerModel } from '@sextant/model';
import { ConditionClip, comparedModalities, inWords, nerfstudioTransforms, recipeThresholds, tumLists } from '@sextant/synth';
import type { PlannedClip, PosedFrame, Recipe } from '@sextant/synth';
import { isUnmetWish, loadAssets } from '@sextant/world';
import type { AssetLibrary, SimulatedWorld } from '@sextant/world';
import { Output } from '../cli/output.js';
import { isStop } from '../cli/session.js';
import type { Work } from '../cli/session.js';
import { ClipFolder } from '../clip/clip-folder.js';
import { makeFolder, writeError, writeJson, writeWhole } from '../files/write-whole.js';
import { checkAgreement } from '../generate/check.js';
import type { Checked } from '../generate/check.js';
import { make } from '../generate/make.js';
import { version } from '../version.js';
import { composeWorld } from '../world/compose-world.js';
import { clipCamera, renderFrames, usedSensor, writeClipFacts } from '../world/render-clip.js';
import { RangeTally } from './clip-record.js';
import type { ClipRanges, ClipRecord, ClipResult, Rejection } from './clip-record.js';
import { cocoFrame } from './coco-frames.js';
import { clipHash, hashFiles } from './hash-files.js';
import { cocoFile, makingFolder, sumsFile } from './work-files.js';

/** What a maker of clips must know; plain values, so that they reach another process. */
export interface MakerSettings {
  readonly recipe: Recipe;
  /** The data set's folder. */
  readonly out: string;
  readonly device: DeviceChoice;
}

/** What became of a rendering. */
interface Rendered {
  readonly ranges: ClipRanges;
  /** Whether a frame shows nothing within the reach of depth files. */
  readonly empty: boolean;
  readonly camera: CameraModel;
  /** `usedSensor` of its camera; undefined of an ideal one. */
  readonly sensorUsed?: Recipe['sensor'] | undefined;
  readonly frames: readonly PosedFrame[];
  /** What the first frame shows. */
  readonly caption: string;
}

/** Says nothing: what makes one clip would drown what is said of the data set. */
const silent = Object.assign(new Output(true), { event: () => {} });

/** Makes the clips of a data set, one at a time. Assets and models are loaded when the first clip needs them. */
export class ClipMaker {
  #library: Promise<AssetLibrary> | undefined;
  readonly #models = new Map<string, Promise<WorkerModel>>();

  constructor(private readonly settings: MakerSettings) {}

  /**
   * Makes a clip by the first of its seeds that does: rendered (and painted), checked, and moved to its place when it is whole. `undefined`
   * when `signal` came first; nothing is left of the clip then.
   * @throws SextantError of the assets, the models or the disk.
   */
  async make(clip: PlannedClip, signal: AbortSignal): Promise<ClipResult | undefined> {
    const making = makingFolder(this.settings.out, clip.index);
    const rejected: Rejection[] = [];
    try {
      for (const seed of clip.seeds) {
        await rm(making, { recursive: true, force: true });
        const made = await this.#try(clip, seed, making, signal);
        // A record is of a clip that stands whole in its place, also where the signal came while it was moved there.
        if (!('why' in made)) return { index: clip.index, record: made, rejected };
        if (signal.aborted) return undefined;
        rejected.push(made);
        await new Promise(setImmediate); // composing a world is synchronous: let signals through
      }
      return { index: clip.index, rejected };
    } catch (error) {
      if (isStop(error, signal)) return undefined;
      throw error;
    } finally {
      await rm(making, { recursive: true, force: true }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    for (const model of this.#models.values()) await model.then((loaded) => loaded.close(), () => {});
  }

  async #try(clip: PlannedClip, seed: number, making: string, signal: AbortSignal): Promise<ClipRecord | Rejection> {
    const { recipe, out } = this.settings;
    let world: SimulatedWorld;
    try {
      world = await this.#world(clip, seed, signal);
    } catch (error) {
      if (!isUnmetWish(error)) throw error;
      return { seed, why: 'wishes', message: (error as Error).message };
    }
    const labels = join(making, 'labels');
    const rendered = await this.#render(world, labels, join(making, COCO), signal);
    if (signal.aborted) return { seed, why: 'empty', message: 'stopped' };
    if (rendered.empty) return { seed, why: 'empty', message: 'a frame shows nothing within 65.535 m' };
    const painted = recipe.source === 'generate' ? await this.#paint(world, rendered.caption, labels, join(making, 'painted'), signal) : undefined;
    const agreement = recipe.check && !signal.aborted ? await this.#check(labels, signal) : undefined;
    if (signal.aborted) return { seed, why: 'check', message: 'stopped' };
    if (agreement?.accepted === false) return { seed, why: 'check', message: agreement.failed!.map(inWords).join('; ') };
    await this.#finish(labels, world, clip, rendered, painted, agreement);
    await this.#export(labels, rendered.camera, rendered.frames);
    const files = await hashFiles(labels);
    const { k, d, distortionModel } = rendered.camera;
    const record: ClipRecord = {
      index: clip.index, split: clip.split, path: clip.path, seed, wishes: clip.wishes, facts: world.facts, caption: rendered.caption, frames: recipe.frames,
      camera: { ...recipe.size, k, d, distortionModel, fovDegrees: world.options.fovDegrees }, ranges: rendered.ranges, ...(agreement && { agreement }),
      files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0), sha256: clipHash(files),
    };
    await writeWhole(sumsFile(out, clip.index), files.map(({ sha256, path }) => `${sha256}  ${clip.path}/${path}\n`).join(''));
    if (recipe.exports.includes('coco')) await move(join(making, COCO), cocoFile(out, clip.index));
    await move(labels, join(out, clip.path));
    return record;
  }

  async #world({ wishes, fovDegrees }: PlannedClip, seed: number, signal: AbortSignal): Promise<SimulatedWorld> {
    const { size, fps, assets, scene, supersampling } = this.settings.recipe;
    if (assets !== undefined) this.#library ??= loadAssets(assets, { signal });
    const library = await this.#library;
    return composeWorld({ seed, ...size, fps, scene, wishes, fovDegrees, supersampling }, library);
  }

  /** Renders into a folder, and what COCO's files say of each frame to the end of the file `coco`. */
  async #render(world: SimulatedWorld, folder: string, coco: string, signal: AbortSignal): Promise<Rendered> {
    const { recipe } = this.settings;
    const clip = await openWhole(folder, this.#rendered(), recipe);
    const camera = clipCamera(world, recipe.sensor);
    const tally = new RangeTally();
    let { caption } = world;
    try {
      await renderFrames(clip, { world, frames: recipe.frames, modalities: this.#rendered(), camera }, signal, async (frame) => {
        if (frame.index === 0) caption = world.captionOf(frame);
        tally.add(frame);
        if (recipe.exports.includes('coco')) await append(coco, `${JSON.stringify(cocoFrame(frame, world.classes, world.captionOf(frame)))}\n`);
      });
      const model = await writeClipFacts(clip, { world, frames: recipe.frames, modalities: recipe.modalities, camera }, caption);
      const frames = clip.frames.map(({ index, stamp, cam2world }) => ({ index, stamp, cam2world: cam2world! }));
      await clip.close({}, { complete: !signal.aborted, fps: recipe.fps, signal });
      return { ranges: tally.result(), empty: tally.empty, camera: model, sensorUsed: camera && usedSensor(camera), frames, caption };
    } catch (error) {
      await clip.abandon();
      throw error;
    }
  }

  /** What is rendered: the labels asked for, and what painting needs of them. */
  #rendered(): readonly Modality[] {
    const { source, modalities, generate } = this.settings.recipe;
    const needed = new Set<Modality>([...modalities, ...(source === 'generate' ? [...generate!.conditions, ...(generate!.palette === 'none' ? [] : ['segmentation' as const])] : [])]);
    return MODALITIES.filter((m) => needed.has(m));
  }

  /** Paints pictures for the labels and puts them in the place of the rendered ones. */
  async #paint(world: SimulatedWorld, caption: string, labels: string, painted: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { recipe, device } = this.settings;
    const { model, conditions, palette, prompt, ...rest } = recipe.generate!;
    await make({
      task: 'generate', conditions: Object.fromEntries(conditions.map((m) => [m, labels])), modalities: [], prompt: prompt.replaceAll('{caption}', caption), frames: recipe.frames, size: recipe.size,
      ...(palette !== 'none' && { palette: palette === 'world' ? { from: 'folder' as const, path: labels } : { from: 'classes' as const } }), ...rest, seed: world.options.seed, fps: recipe.fps, model, device,
    }, { out: painted, loaded: await this.#model(model, signal) }, this.#work(signal));
    if (signal.aborted) return {};
    const { model: about, settings, frames } = JSON.parse(await readFile(join(painted, 'manifest.json'), 'utf8')) as { model: unknown; settings: Readonly<Record<string, unknown>>; frames: unknown };
    await rm(join(labels, 'rgb'), { recursive: true });
    await move(join(painted, 'rgb'), join(labels, 'rgb'));
    for (const name of (await readdir(labels)).filter((file) => file.startsWith('preview.'))) await rm(join(labels, name));
    const previews = recipe.preview ? (await readdir(painted)).filter((file) => file.startsWith('preview.')) : [];
    for (const name of previews) await rename(join(painted, name), join(labels, name));
    // What it was made from lies beside it, wherever the data set goes.
    return { model: about, settings: { ...settings, conditions: Object.fromEntries(conditions.map((m) => [m, '.'])), palette }, frames };
  }

  async #check(labels: string, signal: AbortSignal): Promise<Checked | undefined> {
    const { recipe } = this.settings;
    const model = await this.#model(recipe.check!.model, signal);
    const modalities = comparedModalities(recipe).filter((m) => model.modalities.includes(m));
    const clip = await ConditionClip.open({ folders: Object.fromEntries(modalities.map((m) => [m, labels])), classes: model.classes });
    return checkAgreement(labels, model, { clip, modalities, size: recipe.size, settled: { frames: recipe.frames, fps: recipe.fps } }, recipeThresholds(recipe), this.#work(signal));
  }

  #work(signal: AbortSignal): Work {
    return { output: silent, signal, stoppedBy: () => undefined };
  }

  #model(name: string, signal: AbortSignal): Promise<WorkerModel> {
    let model = this.#models.get(name);
    if (!model) this.#models.set(name, (model = loadModel(name, { device: this.settings.device })));
    signal.throwIfAborted();
    return model;
  }

  /** The clip's own manifest, in the place of the one of its rendering. */
  async #finish(labels: string, world: SimulatedWorld, { split, wishes }: PlannedClip, { caption, sensorUsed }: Rendered, painted: unknown, agreement: Checked | undefined): Promise<void> {
    const { recipe } = this.settings;
    for (const m of this.#rendered()) if (!recipe.modalities.includes(m)) for (const name of FILES[m]) await rm(join(labels, name), { recursive: true, force: true });
    if (agreement) await writeJson(join(labels, 'agreement.json'), agreement);
    const path = join(labels, 'manifest.json');
    const { identity: _, ...rest } = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>;
    const { seed, ...options } = world.options;
    await writeJson(path, {
      ...rest, createdBy: `sextant ${version()} dataset`, source: { spec: `sim:${seed}`, kind: recipe.source, seed, ...options }, exact: true, fps: recipe.fps, caption, split, wishes, facts: world.facts,
      sensor: recipe.sensor, ...(sensorUsed && { sensorUsed }), modalities: recipe.modalities, ...(painted !== undefined && { painted }), ...(agreement && { agreement }),
    });
  }

  async #export(labels: string, camera: CameraModel, frames: readonly PosedFrame[]): Promise<void> {
    const { exports, modalities } = this.settings.recipe;
    const depth = modalities.includes('depth');
    if (exports.includes('tum')) for (const [name, text] of Object.entries(tumLists(frames, depth))) await writeWhole(join(labels, name), text);
    if (exports.includes('nerfstudio')) await writeJson(join(labels, 'transforms.json'), nerfstudioTransforms(camera, frames, depth));
  }
}

/** Where the things of a clip that is being made are noted, beside its labels. */
const COCO = 'coco.jsonl';

/** The files of each modality in a clip's folder. */
const FILES: Readonly<Record<Modality, readonly string[]>> = {
  depth: ['depth'], flow: ['flow'], segmentation: ['segmentation', 'instances', 'classes.json'], skeleton: ['skeleton'], densepose: ['densepose'],
};

async function openWhole(folder: string, modalities: readonly Modality[], { preview }: Recipe): Promise<ClipFolder> {
  return (await ClipFolder.open(folder, { modalities, rgb: true, preview, identity: { command: 'dataset' } }))!; // a fresh folder is never complete
}

/** Adds to a file. @throws SextantError `io`. */
async function append(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((cause: unknown) => {
    throw writeError(path, cause);
  });
}

/** Moves a folder or a file to its place, over what a killed call may have left there. @throws SextantError `io`. */
async function move(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  try {
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  } catch (cause) {
    throw writeError(to, cause);
  }
}
