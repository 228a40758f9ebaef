import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FrameGate, openSource, parseSourceSpec, probeSource, rectify, redactUrl } from '@sextant/camera';
import type { SourceInfo, SourceOptions } from '@sextant/camera';
import { SextantError } from '@sextant/core';
import type { Frame, Modality } from '@sextant/core';
import { checkCloseUps, checkSteps, loadModel, locateModel, modalityNamed, parseModalities } from '@sextant/model';
import type { DeviceChoice, Size, WorkerModel } from '@sextant/model';
import { concatMap, filter, takeWhile } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Work } from '../cli/session.js';
import { abortable } from '../cli/session.js';
import { ClipFolder } from '../clip/clip-folder.js';
import { writeReferredMeta } from '../files/referred.js';
import { writeWhole } from '../files/write-whole.js';
import { Progress } from '../progress/progress.js';
import { checkSteady } from '../run/check-steady.js';
import { notesOf } from '../run/prompt.js';
import { version } from '../version.js';
import { fileSha256, fingerprint } from './fingerprint.js';
import { Refiner } from './refine.js';
import type { RefineOptions, Refined } from './refine.js';
import { FrameRunner, RECENT } from './run-frame.js';

/** What `sextant estimate` was asked for. */
export interface EstimateSettings {
  readonly source: string;
  readonly out: string;
  readonly model: string;
  readonly modalities?: readonly Modality[] | undefined;
  readonly device: DeviceChoice;
  /** Area of the model's grid. @default the model's */
  readonly size?: Size | undefined;
  /** Views of each frame that are averaged. @default 1 */
  readonly steps?: number | undefined;
  /** People of each frame that are looked at again from nearby. @default 0 */
  readonly closeUps?: number | undefined;
  /** Whether the network may use what it kept of earlier frames. @default true */
  readonly memory?: boolean | undefined;
  /** Average depth along the flow. @default false */
  readonly steady?: boolean | undefined;
  /** How maps come to the picture's size: resampled plainly, or along the picture's edges. @default 'model' */
  readonly resolution?: RefineOptions['resolution'] | undefined;
  readonly calibration?: string | undefined;
  /** At most so many frames, from the start of the source. */
  readonly frames?: number | undefined;
  /** What to find by name, beside the modalities: "the two dogs"; or a modality in words, "depth map". */
  readonly prompt?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

/** What the manifest says of the maps' size. */
const ABOUT_SIZE = {
  model: "maps are at the frame's size, resampled from the model's own grid: depth and flow linear within surfaces, labels and DensePose nearest, flow in the frame's pixels",
  camera: "maps are at the frame's size, enlarged from the model's own grid along the edges of the picture, flow in the frame's pixels",
} as const;

/** Frames between decoder and files: one being written, one in the model, one decoded ahead. */
const UNDER_WAY = 3;

/**
 * `sextant estimate`: every frame of a source through the model into typed files; goes on where an earlier call stopped.
 * Returns the exit code.
 * @throws SextantError of the source, the model or the disk; what is written stays and is whole.
 */
export async function estimateClip(asked: EstimateSettings, { output, signal, stoppedBy }: Work): Promise<number> {
  const settings = inWords(asked);
  const { source, out, calibration, frames: limit, size, steps = 1, closeUps = 0, memory = true, steady = false, resolution = 'model', prompt } = settings;
  checkSource(source, limit);
  if (steady && settings.modalities) checkSteady(settings.modalities);
  const info = await probeSource(source);
  const modelHash = createHash('sha256').update(await readFile(join(await locateModel(settings.model), 'manifest.json')).catch(() => '')).digest('hex');
  const model = await abortable(loadModel(settings.model, { device: settings.device, ...(size && { size }) }), signal, (late) => void late.close());
  let folder: ClipFolder | undefined;
  try {
    const modalities = parseModalities(settings.modalities ?? model.modalities, model.modalities);
    if (steady) checkSteady(modalities);
    checkSteps(steps, modalities, model.manifest);
    checkCloseUps(closeUps, model.manifest);
    const looks = { ...(steps > 1 && { steps }), ...(closeUps > 0 && { closeUps }) };
    const about = { name: model.name, version: model.version, manifestSha256: modelHash };
    const identity = { command: 'estimate', source, sourceFiles: await fingerprint(pathOf(source)), model: about, modalities, calibration: calibration ?? null, calibrationSha256: await fileSha256(calibration), frames: limit ?? null, size: size ?? null, memory, steady, resolution, ...looks, ...(prompt !== undefined && { prompt }) };
    const phrase = prompt === undefined ? undefined : await model.phraseOf(prompt);
    for (const { message, details } of phrase === undefined ? [] : notesOf(phrase)) output.warn(message, details);
    folder = await ClipFolder.open(out, { modalities, identity, overwrite: settings.overwrite, sources: [pathOf(source), calibration].filter((path) => path !== undefined) });
    if (folder === undefined) {
      output.note(`${out} is complete already (--overwrite makes it anew)`);
      output.event('end', { reason: 'complete', frames: 0, out });
      return 0;
    }
    const clip = folder;
    const sourceOptions: SourceOptions = {
      ...(calibration !== undefined && { calibration }),
      onIssue: ({ kind, message, details }) => {
        void clip.addIssue(message).catch(() => {}); // a disk that refuses it refuses the next frame too
        output.warn(message, { kind, ...details });
      },
    };
    output.event('ready', { source, out, device: model.device.name, model: model.name, modalities, pid: process.pid, workerPid: model.health.pid, resumedAt: folder.next });
    const { whole, rectified } = await fill(folder, model, modalities, settings, { info, sourceOptions, output, signal });
    const manifest = {
      createdBy: `sextant ${version()} estimate`, source: { spec: source, ...info }, model: { ...about, device: model.device.name },
      resolution: ABOUT_SIZE[resolution], ...looks,
      rectified: rectified ?? calibration !== undefined, issues: folder.issues, ...(phrase && { prompt: { phrase: prompt, words: phrase.words, replaced: phrase.replaced } }),
    };
    if (prompt !== undefined) await writeReferredMeta(out, prompt, phrase?.asked, folder.frames.map(({ index, found = 0, foundFrom: threshold }) => ({ index, count: found, threshold })));
    const complete = await folder.close(manifest, { complete: whole, fps: info.fps ?? 30, signal });
    output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), frames: folder.frames.length, out });
    output.note(complete ? `${folder.frames.length} frames in ${out}` : `stopped after ${folder.frames.length} frames; the same command goes on from there`);
    return 0;
  } finally {
    await folder?.abandon(); // where it was not closed
    await model.close();
  }
}

/** A prompt that names a modality ("depth map") asks for that one, and not for a thing to be found. */
function inWords({ prompt, modalities, ...settings }: EstimateSettings): EstimateSettings {
  const named = prompt === undefined ? undefined : modalityNamed(prompt);
  return named ? { ...settings, modalities: [...(modalities ?? []), named] } : { ...settings, modalities, prompt };
}

/** The file or folder that a source is read from. */
function pathOf(source: string): string | undefined {
  const spec = parseSourceSpec(source);
  return 'path' in spec ? spec.path : undefined;
}

function checkSource(source: string, limit: number | undefined): void {
  const { kind } = parseSourceSpec(source);
  if (kind === 'v4l2' || kind === 'rtsp' || kind === 'ros') {
    throw new SextantError('bad-argument', `estimate does not take a live ${kind === 'ros' ? 'topic' : 'camera'} (${redactUrl(source)})`, { hint: 'Give a video or a folder of pictures, or use: sextant run --record.' });
  }
  if (kind === 'sim' && limit === undefined) throw new SextantError('bad-argument', 'the simulated camera has no end', { hint: 'Give --frames.' });
}

/** Writes all frames from where the folder stands: `whole` is false where a signal came first, `rectified` says whether a lens was taken out, absent where no frame was left. */
async function fill(
  folder: ClipFolder, model: WorkerModel, modalities: readonly Modality[], { source, frames: limit, steps = 1, closeUps = 0, memory = true, steady = false, resolution = 'model', prompt }: EstimateSettings,
  { info, sourceOptions, output, signal }: { info: SourceInfo; sourceOptions: SourceOptions; output: Work['output']; signal: AbortSignal },
): Promise<{ readonly whole: boolean; readonly rectified?: boolean | undefined }> {
  const first = folder.next;
  const total = limit === undefined ? info.frames : Math.min(limit, info.frames ?? limit);
  if (limit !== undefined && first >= limit) return { whole: true };
  const progress = new Progress(output, { done: folder.frames.length, total, totalEstimated: info.framesEstimated });
  const runner = new FrameRunner(model, modalities, { memory, steps, closeUps, ...(prompt !== undefined && { prompts: { segmentation: prompt } }) });
  const stateFile = (index: number | undefined): string => join(folder.workFolder, 'refined', `${index}.v8`);
  const refiner = new Refiner({ steady, resolution, lastId: folder.lastId, state: await readFile(stateFile(folder.frames.at(-1)?.index)).catch(() => undefined) });
  const gate = new FrameGate(UNDER_WAY);
  let rectified: boolean | undefined;
  const run = async (frame: Frame): Promise<Refined | undefined> => {
    rectified ||= frame.raw !== undefined;
    const perception = await runner.run(frame);
    return frame.sequence < first ? undefined : refiner.refine(perception);
  };
  const write = async (refined: Refined | undefined): Promise<void> => {
    if (refined !== undefined) {
      const [before, index] = [folder.frames.at(-1)?.index, refined.full.frame.sequence];
      // The state after the last frame that counts as done is there at any moment.
      await writeWhole(stateFile(index), refined.state);
      await folder.add(index, refined.full, { lastId: refined.lastId }, refined.model);
      await rm(stateFile(before), { force: true });
      progress.step();
    }
    gate.release();
  };
  // The frames before the first one are run again, so that flow and the network's memory continue over the gap between two calls; ids and steady depth go on from what was kept.
  const start = Math.max(0, first - RECENT);
  const frames$ = openSource(source, { ...sourceOptions, realtime: false, gate, start }).pipe(
    takeWhile(({ sequence }) => limit === undefined || sequence < limit - 1, true),
    filter(({ sequence }) => limit === undefined || sequence < limit),
    rectify(),
  );
  try {
    const whole = await pump(frames$, run, write, signal);
    return { whole, rectified };
  } finally {
    progress.end();
  }
}

/**
 * Runs and writes frames in order, the next one running while one is written: true when the frames end, false when `signal`
 * is aborted; a write under way is finished either way.
 */
function pump<T>(frames$: Observable<Frame>, run: (frame: Frame) => Promise<T>, write: (result: T) => Promise<void>, signal: AbortSignal): Promise<boolean> {
  let writing = Promise.resolve();
  return new Promise<boolean>((resolve, reject) => {
    const stop = (): void => {
      subscription.unsubscribe();
      resolve(false);
    };
    const subscription = frames$.pipe(concatMap(run), concatMap((result) => (writing = write(result)))).subscribe({
      error: reject,
      complete: () => {
        signal.removeEventListener('abort', stop);
        resolve(true);
      },
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }).finally(() => writing);
}
