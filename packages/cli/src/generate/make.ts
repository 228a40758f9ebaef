import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCameraInfo } from '@sextant/camera';
import { SextantError, type Modality } from '@sextant/core';
import { MOST_PEOPLE, checkCondition, chooseGrid, generate, joint, loadModel, locateModel, readLatentManifest, readManifest, requireTask, settle } from '@sextant/model';
import type { GenerateOptions, GeneratedFrame, Manifest, Settled, Size, WorkerModel } from '@sextant/model';
import { ConditionClip, checkThresholds } from '@sextant/synth';
import { concatMap } from 'rxjs';
import { abortable, type Work } from '../cli/session.js';
import { clipManifest } from '../clip/claim-folder.js';
import { ClipFolder } from '../clip/clip-folder.js';
import { FolderLock } from '../clip/folder-lock.js';
import { writeJson } from '../files/write-whole.js';
import { Progress } from '../progress/progress.js';
import { version } from '../version.js';
import { checkConditions } from './check-conditions.js';
import { checkAgreement, type Checked } from './check.js';
import { encodeClip } from './clip-video.js';
import { makeLatents } from './make-latents.js';
import { readFolders } from './read-folders.js';
import { inWords, keepStreams, readRecent } from './recent.js';
import { StepReporter } from './steps.js';
import type { MakeOptions, MakeSettings } from './settings.js';
import { madePerception } from './to-perception.js';

/** What is known before the work starts. */
interface Plan {
  readonly settings: MakeSettings;
  readonly modelFolder: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly clip: ConditionClip | undefined;
  readonly modalities: readonly Modality[];
  readonly size: Size;
  readonly settled: Settled;
}

/** What a clip became. */
export interface Made {
  readonly complete: boolean;
  readonly frames: number;
  /** Where it was checked. */
  readonly agreement?: Checked | undefined;
}

/**
 * `sextant generate` and `sextant joint`: a clip into a folder of pictures, typed files, a video and a manifest that replays to the same bytes; goes on
 * where an earlier call stopped. Everything that can be wrong with what was asked is said before the weights are loaded.
 * @throws SextantError of the settings, conditions, model or disk; whole frames stay.
 */
export async function make(settings: MakeSettings, options: MakeOptions, work: Work): Promise<Made> {
  const { output, signal, stoppedBy } = work;
  const modelFolder = await locateModel(settings.model);
  const latents = await readLatentManifest(modelFolder);
  if (latents) return makeLatents(modelFolder, latents, settings, options, work);
  const plan = await prepare(settings);
  const { manifest, settled, modalities, clip } = plan;
  const reject = options.reject ?? [];
  const check = options.check === true || reject.length > 0;
  checkThresholds(reject, modalities.filter((m) => manifest.modalities[m]));
  say(plan, work);
  const about = { name: manifest.name, version: manifest.version, manifestSha256: plan.manifestSha256 };
  const identity = { command: settings.task, model: about, settings: resolved(plan), ...(clip && { focal: clip.focal(plan.size) }) };
  const load = async (): Promise<WorkerModel> => options.loaded ?? abortable(loadModel(plan.modelFolder, { device: settings.device }), signal, (late) => void late.close());
  let folder: ClipFolder | undefined;
  // An older clip is deleted when there is what makes the new one.
  let model = options.overwrite === true ? await load() : undefined;
  try {
    folder = await ClipFolder.open(options.out, { modalities, rgb: true, identity, overwrite: options.overwrite, sources: readFolders(settings) });
    if (clip) await checkConditions(options.out, folder?.frames ?? (await clipManifest(options.out))?.frames ?? [], async (index) => (await clip.at(index, plan.size)).sha256);
    if (folder === undefined) output.note(`${options.out} is complete already (--overwrite makes it anew)`);
    if (folder === undefined && !check) {
      output.event('end', { reason: 'complete', frames: 0, out: options.out });
      return { complete: true, frames: 0 };
    }
    model ??= await load();
  } catch (error) {
    await folder?.abandon();
    if (options.loaded === undefined) await model?.close();
    throw error;
  }
  try {
    output.event('ready', { task: settings.task, out: options.out, device: model.device.name, model: model.name, modalities, ...settled.grid, frames: settled.frames, steps: settled.steps, sampler: settled.sampler, memoryBytes: settled.memoryBytes, pid: process.pid, resumedAt: folder?.next ?? settled.frames });
    if (folder === undefined) {
      const agreement = await checkMade(options.out, model, plan, reject, work);
      output.event('end', { reason: stoppedBy() ?? 'complete', frames: 0, ...accepted(agreement), out: options.out });
      return { complete: true, frames: 0, agreement };
    }
    await fill(folder, model, plan, options, work);
    const filled = folder.next >= settled.frames;
    if (filled && !(await encodeClip(options.out, settled.fps, signal)) && !signal.aborted) output.note('no clip.mp4: ffmpeg is not there (or cannot)');
    const camera = clip?.camera(settled.grid);
    if (camera) await writeCameraInfo(join(options.out, 'camera_info.yaml'), camera, 'generated');
    await writeJson(join(options.out, 'captions.json'), [{ start: 0, end: settled.frames, caption: settings.prompt }]);
    const said = { words: settled.caption.words, replaced: settled.caption.replaced, cut: settled.caption.cut };
    const complete = await folder.close({
      createdBy: `sextant ${version()} ${settings.task}`, model: { ...about, device: model.device.name }, settings: resolved(plan), prompt: said,
      conditions: clip && { notes: clip.notes, focalKnown: clip.focalKnown }, fps: settled.fps, caption: settings.prompt,
    }, { complete: filled, fps: settled.fps, signal });
    // Closed before it is checked: the check reads what closing writes (keypoints.json), and where it fails the clip is made all the same.
    const agreement = complete && check ? await checkMade(options.out, model, plan, reject, work) : undefined;
    const done = complete && (!check || agreement !== undefined);
    output.event('end', { reason: done ? 'complete' : (stoppedBy() ?? 'stopped'), frames: folder.frames.length, ...accepted(agreement), out: options.out });
    output.note(done ? `${folder.frames.length} frames in ${options.out}` : `stopped after ${folder.frames.length} whole frames${complete ? ', before the check was done' : ''}; the same command goes on from there`);
    return { complete, frames: folder.frames.length, agreement };
  } catch (error) {
    await folder?.abandon();
    throw error;
  } finally {
    if (options.loaded === undefined) await model.close();
  }
}

/** Checks a whole clip and puts the result into its manifest; `undefined` where a signal came first. */
async function checkMade(out: string, model: WorkerModel, plan: Plan, reject: NonNullable<MakeOptions['reject']>, work: Work): Promise<Checked | undefined> {
  return FolderLock.around(out, async () => {
    const agreement = await checkAgreement(out, model, plan, reject, work);
    const path = join(out, 'manifest.json');
    if (agreement) await writeJson(path, { ...(JSON.parse(await readFile(path, 'utf8')) as object), agreement });
    return agreement;
  }, () => false);
}

/** What the last line says of a check that had thresholds. */
const accepted = (agreement: Checked | undefined): { accepted?: boolean } => (agreement?.accepted === undefined ? {} : { accepted: agreement.accepted });

/** Reads what is asked for and refuses what cannot be, without loading a weight. */
async function prepare(settings: MakeSettings): Promise<Plan> {
  const { task } = settings;
  const modelFolder = await locateModel(settings.model);
  const manifest = await readManifest(modelFolder);
  const spec = requireTask(manifest, task);
  const clip = task === 'generate' ? await ConditionClip.open({ folders: settings.conditions, classes: manifest.classes, mostPeople: MOST_PEOPLE, ...(settings.palette && { palette: settings.palette }) }) : undefined;
  const modalities = clip?.modalities ?? settings.modalities;
  const frames = settings.frames ?? clip?.frames ?? 8;
  if (clip && frames > clip.frames) {
    throw new SextantError('bad-argument', `the condition has ${clip.frames} frames, ${frames} are asked for`, { hint: `Ask for at most ${clip.frames} (--frames), or make a longer condition.`, details: { frames: clip.frames, asked: frames } });
  }
  const own = spec.size ?? manifest.input;
  const size = settings.size ?? (clip ? chooseGrid(clip.size, manifest.input, own) : own);
  const settled = await settle({ manifest, folder: modelFolder }, task, {
    frames, modalities, size, prompt: settings.prompt, negative: settings.negative, seed: settings.seed, fps: settings.fps,
    ...(settings.steps !== undefined && { steps: settings.steps }), ...(settings.shift !== undefined && { shift: settings.shift }), ...(settings.sampler && { sampler: settings.sampler }),
    ...(settings.guidance !== undefined && { guidance: settings.guidance }), ...(settings.conditionGuidance !== undefined && { conditionGuidance: settings.conditionGuidance }),
  });
  if (clip) checkCondition({ manifest }, (await clip.at(0, size)).condition, settled, 0);
  const manifestSha256 = createHash('sha256').update(await readFile(join(modelFolder, 'manifest.json'))).digest('hex');
  return { settings, modelFolder, manifest, manifestSha256, clip, modalities, size, settled };
}

/** What the words became, and what else was noticed. */
function say({ settings, settled, clip, size }: Plan, { output }: Work): void {
  for (const [what, said, { words, replaced, cut }] of [['prompt', settings.prompt, settled.caption], ['negative prompt', settings.negative, settled.negative]] as const) {
    if (said.trim() !== '' && words.length === 0) output.warn(`the ${what} "${said}" says nothing that the model heeds: it is taken as empty`, { prompt: said });
    for (const { word, by, likeness } of replaced) output.warn(`the ${what} says "${word}": "${by}" is used${likeness < 1 ? `, the nearest word that the model knows (${likeness.toFixed(2)})` : ''}`, { word, by, likeness });
    if (cut.length > 0) output.warn(`the ${what} is too long: ${cut.length} words are not used, from "${cut[0]}" on`, { cut: cut.length });
  }
  for (const note of clip?.notes ?? []) output.warn(note);
  if (!clip) return;
  const { scale } = clip.fitTo(size);
  const [w, h] = [Math.round(size.width / scale), Math.round(size.height / scale)];
  if (w < clip.size.width - 1 || h < clip.size.height - 1) output.note(`of the condition's ${inWords(clip.size)} the middle ${w}x${h} is used`);
}

/** The settings with every default filled in: what a replay needs. */
function resolved({ settings, settled, size, modalities }: Plan): Readonly<Record<string, unknown>> {
  const { task, conditions, palette, prompt, negative, seed } = settings;
  const { frames, steps, shift, sampler, guidance, fps } = settled;
  return {
    task, conditions, palette: palette ?? null, modalities, prompt, negative, frames, size, steps, shift, sampler, guidance: guidance.text,
    conditionGuidance: task === 'generate' ? guidance.condition : null, seed, fps,
  };
}

/** Makes and writes all frames from where the folder stands; returns early when a signal came. */
async function fill(folder: ClipFolder, model: WorkerModel, { settings, settled, modalities, clip, size }: Plan, options: MakeOptions, { output, signal }: Work): Promise<void> {
  const first = folder.next;
  if (first >= settled.frames) return;
  const { task } = settings;
  const progress = new Progress(output, { done: folder.frames.length, total: settled.frames });
  const steps = new StepReporter(output, options.previews === true ? join(options.out, 'now.png') : undefined);
  let writing = Promise.resolve();
  const hashes = new Map<number, string>();
  const write = async (made: GeneratedFrame): Promise<void> => {
    await keepStreams(folder.workFolder, made);
    const conditionSha256 = hashes.get(made.index);
    hashes.delete(made.index);
    await folder.add(made.index, madePerception(made, modalities, model.classes, clip?.depthProvenance), {
      sha256: createHash('sha256').update(made.frame.rgb).digest('hex'), ...(conditionSha256 !== undefined && { conditionSha256 }),
    });
    progress.step();
  };
  const common: GenerateOptions = {
    frames: settled.frames, modalities, size, prompt: settings.prompt, negative: settings.negative, seed: settings.seed, fps: settled.fps, steps: settled.steps,
    shift: settled.shift, sampler: settled.sampler, guidance: settled.guidance.text, first, recent: await readRecent(folder.path, folder.workFolder, first, task === 'joint'),
    signal, previews: options.previews === true, onProgress: (p) => steps.step(p), pace: () => writing,
  };
  const condition = async (index: number): Promise<NonNullable<GeneratedFrame['condition']>> => {
    const read = await clip!.at(index, size);
    if (index >= first) hashes.set(index, read.sha256);
    return read.condition;
  };
  const frames = task === 'generate' ? generate(model, { ...common, conditionGuidance: settled.guidance.condition, condition }) : joint(model, common);
  try {
    await new Promise<void>((resolve, reject) => {
      frames.pipe(concatMap((made) => (writing = write(made)))).subscribe({ error: reject, complete: resolve });
    });
  } finally {
    await writing.catch(() => {});
    progress.end();
    await steps.end();
  }
}
