import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SextantError, type Modality, type RgbImage } from '@sextant/core';
import { chooseGrid, colourConditions, latentClip, openLatentModel, settleLatents } from '@sextant/model';
import type { Condition, LatentFrame, LatentManifest, SettledLatents, Size } from '@sextant/model';
import { ConditionClip } from '@sextant/synth';
import { CLASSES } from '@sextant/world';
import { lastValueFrom, toArray } from 'rxjs';
import { abortable, type Work } from '../cli/session.js';
import { claimFolder, framesFile } from '../clip/claim-folder.js';
import type { ClipManifest } from '../clip/claim-folder.js';
import { FolderLock } from '../clip/folder-lock.js';
import { codedFolder } from '../files/coded-folder.js';
import { frameName } from '../files/frame-name.js';
import { png8 } from '../files/png.js';
import { writeRgb } from '../files/rgb.js';
import { writeJson, writeWhole } from '../files/write-whole.js';
import { version } from '../version.js';
import { checkConditions } from './check-conditions.js';
import { encodeClip } from './clip-video.js';
import { openCodedPictures } from './coded-pictures.js';
import type { Made } from './make.js';
import { readFolders } from './read-folders.js';
import type { MakeOptions, MakeSettings } from './settings.js';

/** The clean stream of a clip: its length, its size, and its frames coloured. */
interface Clean {
  readonly frames: number;
  readonly size: Size;
  readonly notes: readonly string[];
  read(count: number, to: Size): Promise<{ readonly pictures: readonly RgbImage[]; readonly hashes: readonly string[] }>;
}

/** Largest side that is tried; memory is what really limits it. */
const LARGEST = 8192;

/**
 * `sextant generate` and `sextant joint` by a model over latents: all frames of a clip come at once, so nothing is kept of one that was stopped. Writes
 * `rgb/`, `<modality>-coded/` (what was told, or made beside it), `clip.mp4`, and a manifest that replays to the same bytes.
 * @throws SextantError of the settings, conditions, model or disk; `bad-argument` where another call is writing there.
 */
export async function makeLatents(modelFolder: string, manifest: LatentManifest, settings: MakeSettings, options: MakeOptions, work: Work): Promise<Made> {
  return FolderLock.around(options.out, () => makeAlone(modelFolder, manifest, settings, options, work), () => false);
}

/** The same, in a folder that no other call writes to. */
async function makeAlone(modelFolder: string, manifest: LatentManifest, settings: MakeSettings, options: MakeOptions, work: Work): Promise<Made> {
  const { output, signal, stoppedBy } = work;
  const modality = onlyModality(settings, manifest);
  refuseOthers(settings, options, manifest);
  const clean = settings.task === 'generate' ? await openClean(settings.conditions[modality]!, modality) : undefined;
  const settled = await settle(modelFolder, manifest, settings, modality, clean);
  const manifestSha256 = createHash('sha256').update(await readFile(join(modelFolder, 'manifest.json'))).digest('hex');
  const identity = { command: settings.task, model: { name: manifest.name, version: manifest.version, manifestSha256 }, settings: resolved(settings, settled) };
  const load = (): ReturnType<typeof openLatentModel> => abortable(openLatentModel(modelFolder, { device: settings.device }), signal, () => {});
  // An older clip is deleted when there is what makes the new one.
  const early = options.overwrite === true ? await load() : undefined;
  const there = await openClip(settings, options, identity, async () => (await clean?.read(settled.frames, settled.size))?.hashes);
  if (there?.complete === false && there.frames?.length === settled.frames) return finish(options.out, there, settings.fps, work);
  if (there?.complete === true) {
    output.note(`${options.out} is complete already (--overwrite makes it anew)`);
    output.event('end', { reason: 'complete', frames: 0, out: options.out });
    return { complete: true, frames: 0 };
  }
  if (settled.prompt.cut.length > 0) output.warn(`the prompt is too long: its last ${settled.prompt.cut.length} pieces are not used, from "${settled.prompt.cut[0]}" on`, { cut: settled.prompt.cut.length });
  for (const note of clean?.notes ?? []) output.warn(note);
  const told = await clean?.read(settled.frames, settled.size);
  const model = early ?? (await load());
  output.event('ready', { task: settings.task, out: options.out, device: model.device, model: manifest.name, modalities: [modality], ...settled.size, frames: settled.frames, steps: settled.steps, sampler: settled.sampler, memoryBytes: settled.memoryBytes, pid: process.pid, resumedAt: 0 });

  let phase = '';
  const made = await lastValueFrom(latentClip(model, {
    task: settings.task, modality, prompt: settings.prompt, negative: settings.negative, frames: settled.frames, size: settled.size, steps: settled.steps, shift: settled.shift,
    sampler: settled.sampler, guidance: settled.guidance, seed: settled.seed, signal, ...(told && { clean: (index: number) => told.pictures[index] }),
    onProgress: (progress) => {
      output.event('step', { ...progress });
      if (progress.phase !== phase || progress.phase === 'sample') output.note(`${progress.phase} ${progress.done}/${progress.total}`);
      phase = progress.phase;
    },
  }).pipe(toArray()), { defaultValue: [] });
  if (made.length < settled.frames) {
    output.note('stopped: this model makes all frames at once, so there is none yet');
    output.event('end', { reason: stoppedBy() ?? 'stopped', frames: 0, out: options.out });
    return { complete: false, frames: 0 };
  }
  // A folder that is written to is known as ours from the first file on.
  await writeJson(join(options.out, 'manifest.json'), { complete: false, identity });
  await write(options.out, made, modality, told?.pictures);
  await writeJson(join(options.out, 'captions.json'), [{ start: 0, end: settled.frames, caption: settings.prompt }]);
  const about = {
    createdBy: `sextant ${version()} ${settings.task}`, complete: false, identity, counts: { frames: made.length }, model: { ...identity.model, device: model.device }, settings: identity.settings,
    prompt: { pieces: settled.prompt.ids.length, cut: settled.prompt.cut }, fps: settings.fps, caption: settings.prompt,
    frames: made.map(({ index, rgb }) => ({ index, sha256: createHash('sha256').update(rgb!.rgb).digest('hex'), ...(told && { conditionSha256: told.hashes[index] }) })),
  };
  // Pictures are dear: from here on a call that was stopped has only the video left to make.
  await writeJson(join(options.out, 'manifest.json'), about);
  return finish(options.out, about, settings.fps, work);
}

/** What is left when all pictures are there: the video, and a manifest that says complete. */
async function finish(out: string, manifest: ClipManifest, fps: number, { output, signal, stoppedBy }: Work): Promise<Made> {
  const frames = manifest.frames?.length ?? 0;
  const video = await encodeClip(out, fps, signal);
  const complete = !signal.aborted;
  if (complete && !video) output.note('no clip.mp4: ffmpeg is not there (or cannot)');
  if (complete) await writeJson(join(out, 'manifest.json'), { ...manifest, complete });
  output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), frames, out });
  output.note(complete ? `${frames} frames in ${out}` : `stopped before clip.mp4 was made; the same command goes on from there`);
  return { complete, frames };
}

function onlyModality({ task, conditions, modalities }: MakeSettings, { name }: LatentManifest): Modality {
  const asked = task === 'generate' ? (Object.keys(conditions) as Modality[]) : modalities;
  if (asked.length === 1) return asked[0];
  throw new SextantError('bad-argument', `model ${name} has one modality stream, ${asked.length} modalities are given: ${asked.join(', ')}`, { hint: 'Name one.', details: { modalities: asked } });
}

function refuseOthers({ palette, conditionGuidance }: MakeSettings, { check, reject, previews }: MakeOptions, { name }: LatentManifest): void {
  const no = (flag: string, hint: string): never => {
    throw new SextantError('unsupported', `model ${name} knows no ${flag}`, { hint, details: { flag } });
  };
  if (palette) no('--palette', 'Say the colours in the prompt.');
  if (conditionGuidance !== undefined && conditionGuidance !== 1) no('--condition-guidance', 'Leave it out.');
  if (reject && reject.length > 0) no('--reject', 'Use sextant estimate on the pictures that were made.');
  if (check === true) no('--check', 'Use sextant estimate on the pictures that were made.');
  if (previews === true) no('--previews', 'Its pictures exist only after the last step.');
}

/** The condition of a folder: coloured pictures where it has them, else its typed files, coloured here. */
async function openClean(folder: string, modality: Modality): Promise<Clean> {
  const coded = await openCodedPictures(folder, modality);
  if (coded) {
    return { ...coded, notes: [], read: async (count, to) => {
      const all = await Promise.all(Array.from({ length: count }, (_, i) => coded.at(i, to)));
      return { pictures: all.map(({ picture }) => picture), hashes: all.map(({ sha256 }) => sha256) };
    } };
  }
  const clip = await ConditionClip.open({ folders: { [modality]: folder }, classes: CLASSES });
  return { frames: clip.frames, size: clip.size, notes: clip.notes, read: async (count, to) => {
    const all: { condition: Condition; sha256: string }[] = [];
    for (let i = 0; i < count; i += 1) all.push(await clip.at(i, to));
    return { pictures: colourConditions(modality, all.map(({ condition }) => condition), CLASSES), hashes: all.map(({ sha256 }) => sha256) };
  } };
}

async function settle(folder: string, manifest: LatentManifest, settings: MakeSettings, modality: Modality, clean: Clean | undefined): Promise<SettledLatents> {
  const { latents, size: own } = manifest;
  const unit = latents.pixels * latents.patch;
  const longest = clean ? Math.floor((clean.frames - 1) / latents.frames) * latents.frames + 1 : own.frames;
  const frames = settings.frames ?? Math.min(own.frames, longest);
  if (clean && frames > clean.frames) throw new SextantError('bad-argument', `the condition has ${clean.frames} frames, ${frames} are asked for`, { hint: `Ask for at most ${longest} (--frames), or make a longer condition.`, details: { frames: clean.frames, asked: frames } });
  const grid = { multipleOf: unit, min: unit, max: LARGEST, width: own.width, height: own.height, channels: 'rgb' as const };
  const size = settings.size ?? (clean ? chooseGrid(clean.size, grid) : { width: own.width, height: own.height });
  const { task, prompt, negative, seed, steps, shift, sampler, guidance } = settings;
  return settleLatents(folder, manifest, { task, modality, frames, size, prompt, negative, seed, ...(steps !== undefined && { steps }), ...(shift !== undefined && { shift }), ...(sampler && { sampler }), ...(guidance !== undefined && { guidance }) });
}

/** The settings with every default filled in: what a replay needs. */
function resolved({ task, conditions, prompt, negative, seed, fps }: MakeSettings, { frames, size, modality, steps, shift, sampler, guidance }: SettledLatents): Readonly<Record<string, unknown>> {
  return { task, conditions, palette: null, modalities: [modality], prompt, negative, frames, size, steps, shift, sampler, guidance, conditionGuidance: null, seed, fps };
}

/** The manifest of this very clip, where the folder holds it. @throws SextantError `bad-argument` where it holds another, or one of another condition, and that may not be overwritten. */
async function openClip(settings: MakeSettings, { out, overwrite }: MakeOptions, identity: unknown, hashes: () => Promise<readonly string[] | undefined>): Promise<ClipManifest | undefined> {
  const found = await claimFolder(out, { overwrite, sources: readFolders(settings) });
  if (found === undefined ? !existsSync(framesFile(out)) : isDeepStrictEqual(found.identity, identity)) {
    if (found?.frames === undefined) return found;
    const now = await hashes();
    await checkConditions(out, found.frames, (index) => Promise.resolve(now?.[index]));
    return found;
  }
  throw new SextantError('bad-argument', `${out} holds another clip`, { hint: 'Choose another folder, or --overwrite.', details: { out } });
}

async function write(out: string, made: readonly LatentFrame[], modality: Modality, told: readonly RgbImage[] | undefined): Promise<void> {
  for (const { index, rgb, modality: coded = told?.[index] } of made) {
    if (rgb) await writeRgb(out, index, rgb);
    if (coded) await writeWhole(join(out, codedFolder(modality), frameName(index)), await png8(coded.rgb, coded.width, coded.height, 3));
  }
}
