import { createHash } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Modality } from '@sextant/core';
import { loadModel, locateModel, readManifest, requireTask, settle } from '@sextant/model';
import type { DeviceChoice } from '@sextant/model';
import { checkThresholds, comparedModalities, recipeThresholds } from '@sextant/synth';
import type { PlannedClip } from '@sextant/synth';
import { loadAssets } from '@sextant/world';
import { REJECTED, abortable, type Work } from '../cli/session.js';
import { Progress } from '../progress/progress.js';
import { version } from '../version.js';
import { readLicences } from './assets.js';
import type { AssetLicences } from './assets.js';
import type { ClipResult } from './clip-record.js';
import { DatasetFolder } from './dataset-folder.js';
import { ClipMaker } from './make-clip.js';
import type { MakerSettings } from './make-clip.js';
import { ForkedMaker } from './maker-process.js';
import type { Maker } from './maker-process.js';
import { writeManifest } from './manifest.js';
import type { RecipeFile } from './recipe-file.js';
import { readRecipe } from './recipe-file.js';

/** What `sextant dataset` was asked for. */
export interface DatasetSettings {
  readonly recipe: string;
  readonly out: string;
  /** Clips that are made at a time; 1: in this process. */
  readonly workers: number;
  readonly device: DeviceChoice;
  readonly resume?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
}

/** A model that takes part, as the manifest tells it. */
interface About {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly manifestSha256: string;
}

/**
 * `sextant dataset`: many clips with labels by a recipe, a manifest, annotations and hashes; goes on where a killed call stopped. What is wrong with the
 * recipe, its assets or its models is said before anything is written. Returns the exit code: 3 where some clip could not be made by any of its seeds.
 * @throws SextantError of the recipe, the assets, the models or the disk; whole clips stay.
 */
export async function makeDataset(settings: DatasetSettings, work: Work): Promise<number> {
  const { out, workers, device, resume = false, overwrite = false } = settings;
  const { output, signal, stoppedBy } = work;
  const file = await readRecipe(settings.recipe);
  const { recipe, plan } = file;
  const assets = recipe.assets === undefined ? undefined : await readLicences(recipe.assets);
  const models = await readModels(file);
  const identity = identityOf(file, assets, models);
  if (overwrite) await tryParts(recipe, device, signal); // what is there is deleted when there is what makes the new one
  const folder = await DatasetFolder.open(out, { identity, resume, overwrite });
  if (!(folder instanceof DatasetFolder)) {
    output.note(`${out} is complete already (--overwrite makes it anew)`);
    output.event('end', { reason: 'complete', clips: 0, missing: folder.missing, out });
    return folder.missing > 0 ? REJECTED : 0;
  }
  const done = new Set(folder.results.map(({ index }) => index));
  const queue = plan.filter(({ index }) => !done.has(index));
  const makers = Array.from({ length: Math.max(1, Math.min(workers, queue.length)) }, (): Maker => (workers > 1 ? new ForkedMaker({ recipe, out, device }) : new ClipMaker({ recipe, out, device } satisfies MakerSettings)));
  output.event('ready', { recipe: settings.recipe, out, clips: plan.length, frames: recipe.frames, ...recipe.size, workers, pid: process.pid, workerPids: makers.flatMap(({ pid }) => pid ?? []), resumedAt: done.size });
  let complete = false;
  let counts: Awaited<ReturnType<typeof writeManifest>>;
  try {
    await fill(folder, queue, makers, plan.length, work).finally(() => Promise.all(makers.map((maker) => maker.close())));
    const whole = folder.results.length === plan.length;
    counts = await writeManifest(out, { file, identity, results: folder.results, complete: whole, assets, models });
    complete = whole;
  } finally {
    await folder.close(complete);
  }
  if (counts.missing > 0) output.warn(`${counts.missing} clips could not be made by any of their seeds; the manifest lists them`, { missing: counts.missing });
  output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), ...counts, out });
  const turned = Object.entries(counts.rejected).filter(([, n]) => n > 0).map(([why, n]) => `${n} for ${why}`).join(', ');
  output.note(complete ? `${counts.clips} of ${counts.planned} clips, ${counts.frames} frames in ${out}${turned === '' ? '' : `; seeds turned down: ${turned}`}` : `stopped after ${counts.clips} whole clips; the same command with --resume goes on from there`);
  if (!complete || signal.aborted) return 0;
  return counts.missing > 0 ? REJECTED : 0;
}

/** Makes all clips of the queue, each maker one at a time; what one of them throws stops the others after their clips. */
async function fill(folder: DatasetFolder, queue: PlannedClip[], makers: readonly Maker[], total: number, { output, signal }: Work): Promise<void> {
  const progress = new Progress(output, { done: total - queue.length, total, unit: 'clips' });
  const started = performance.now();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let writing = Promise.resolve();
  let warned = false;
  const note = async (result: ClipResult): Promise<void> => {
    await folder.add(result);
    progress.step();
    const { record, rejected } = result;
    for (const { seed, why, message } of rejected) output.event('rejected', { clip: result.index, seed, why, message });
    if (!record) return output.warn(`clip ${result.index}: none of its ${rejected.length} seeds would do, the last: ${rejected.at(-1)?.message}`, { clip: result.index });
    output.event('clip', { clip: record.index, path: record.path, seed: record.seed, tries: rejected.length + 1, caption: record.caption, bytes: record.bytes, ...(record.agreement && { agreement: record.agreement }), seconds: Math.round((performance.now() - started) / 100) / 10 });
    if (warned) return;
    warned = true;
    const { bavail, bsize } = await statfs(folder.path);
    const needed = record.bytes * queue.length;
    if (needed > bavail * bsize) output.warn(`the clips that are left may need ${gib(needed)}, the disk has ${gib(bavail * bsize)} free`, { neededBytes: needed, freeBytes: bavail * bsize });
  };
  try {
    const lanes = makers.map(async (maker) => {
      for (let clip = queue.shift(); clip !== undefined && !either.aborted; clip = queue.shift()) {
        const result = await maker.make(clip, either);
        if (result === undefined) return;
        await (writing = writing.then(() => note(result)));
      }
    });
    const ends = await Promise.allSettled(lanes.map((lane) => lane.catch((error: unknown) => {
      stop.abort();
      throw error;
    })));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    progress.end();
  }
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The models of a recipe, after checking that they can do what it asks for. @throws SextantError */
async function readModels({ recipe }: RecipeFile): Promise<About[]> {
  const { generate, check, frames, size, fps } = recipe;
  const found: About[] = [];
  if (generate) {
    const { model, conditions, prompt, palette: _, ...options } = generate;
    const folder = await locateModel(model);
    const manifest = await readManifest(folder);
    requireTask(manifest, 'generate');
    await settle({ manifest, folder }, 'generate', { frames, size, fps, modalities: conditions, prompt: prompt.replaceAll('{caption}', ''), seed: 0, ...defined(options) });
    found.push(await aboutModel(folder));
  }
  if (check) {
    const folder = await locateModel(check.model);
    const { modalities } = await readManifest(folder);
    checkThresholds(recipeThresholds(recipe), comparedModalities(recipe).filter((m: Modality) => modalities[m]));
    const about = await aboutModel(folder);
    if (!found.some(({ manifestSha256 }) => manifestSha256 === about.manifestSha256)) found.push(about);
  }
  return found;
}

/** Loads the assets and every model of a recipe and lets go of them. @throws SextantError of damaged assets, a damaged model, or a device that is not there. */
async function tryParts({ assets, generate, check }: RecipeFile['recipe'], device: DeviceChoice, signal: AbortSignal): Promise<void> {
  if (assets !== undefined) await loadAssets(assets, { signal });
  const folders = await Promise.all([generate?.model, check?.model].filter((name) => name !== undefined).map(locateModel));
  for (const folder of new Set(folders)) {
    const model = await abortable(loadModel(folder, { device }), signal, (late) => void late.close());
    await model.close();
  }
}

async function aboutModel(folder: string): Promise<About> {
  const { name, version: release, licence } = await readManifest(folder);
  return { name, version: release, licence, manifestSha256: createHash('sha256').update(await readFile(join(folder, 'manifest.json'))).digest('hex') };
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** What must be the same for a later call to go on: not where assets and models lie, but what they are. */
function identityOf({ recipe }: RecipeFile, assets: AssetLicences | undefined, models: readonly About[]): Readonly<Record<string, unknown>> {
  const { assets: _folder, check, generate, ...rest } = recipe;
  const identity = { command: 'dataset', version: version(), recipe: { ...rest, check: check?.reject, generate: generate && { ...generate, model: undefined } }, assets: assets?.index, models: models.map(({ manifestSha256 }) => manifestSha256) };
  return JSON.parse(JSON.stringify(identity)) as Readonly<Record<string, unknown>>;
}
