import { MODALITIES, SextantError, type Frame, type Modality, type RgbImage } from '@sextant/core';
import { Observable } from 'rxjs';
import { isRestarting } from '../runtime/host.js';
import type { PaintRequest, Painted } from '../runtime/messages.js';
import type { Size } from '../runtime/grid.js';
import { decodeMade, type MadeMaps } from './decode-made.js';
import { drawingOf, encodeCondition, refused, type Condition } from './conditions.js';
import type { PaintingModel } from './painting-model.js';
import { quantised } from './pixels.js';
import { settle, type GenerateSettings, type Settled } from './settings.js';

/** How far the making of a clip has come; the total is constant. */
export interface GenerateProgress {
  readonly frame: number;
  readonly frames: number;
  /** 1 to `steps`. */
  readonly step: number;
  readonly steps: number;
  /** The picture as it would be if all noise were taken away now; with `previews`. */
  readonly preview?: RgbImage;
}

/** A frame that continues a clip made earlier; see `GenerateOptions.recent`. */
export interface RecentFrame {
  /** rgb8 on the grid. */
  readonly rgb: Uint8Array;
  /** Joint: `GeneratedFrame.streams` of it. */
  readonly streams?: Float32Array;
}

/** Frames before a frame that change what it becomes: the network's memory, two frames deep in each of its four layers. */
export const RECENT_FRAMES = 8;

/** What a clip shall be, what it continues, and who hears of its making. */
export interface GenerateOptions extends GenerateSettings {
  /** generate only: what frame `index` shall agree with. Called once a frame, in order (and again for the frames before `first`). */
  readonly condition?: (index: number) => Condition | Promise<Condition>;
  /** Go on with a clip at this frame. @default 0 */
  readonly first?: number;
  /** The frames before `first`, oldest first, at least the last 8 of them (or all): with them a clip continues as if it had never stopped. */
  readonly recent?: readonly RecentFrame[];
  /** Awaited before each frame: a place to wait for whoever writes the frames. */
  readonly pace?: (index: number) => Promise<void>;
  /** What it throws ends the clip: it is the error of the observable. */
  readonly onProgress?: (progress: GenerateProgress) => void;
  /** Whether progress carries pictures. @default false */
  readonly previews?: boolean;
  /** Ends the clip after an abort like unsubscribing, and completes. */
  readonly signal?: AbortSignal;
}

/** A frame that was made. */
export interface GeneratedFrame {
  readonly index: number;
  /** The picture; `stamp` is index / fps. */
  readonly frame: Frame;
  /** Joint: what was made beside it. */
  readonly maps: MadeMaps;
  /** Joint: the streams that the maps were decoded from, as later frames remember them, [15,H,W]. */
  readonly streams?: Float32Array;
  /** generate: what it was made from. */
  readonly condition?: Condition;
  /** Milliseconds in the network. */
  readonly elapsedMs: number;
}

/**
 * Video from modalities (and a sentence): `generate(model, {condition: (i) => ({depth: maps[i]}), prompt: 'a red sofa', frames: 8})`.
 * Cold: each subscription makes the clip anew. Frames come one after another, each seeing those before through the network's cache, in constant
 * memory however many there are. Unsubscribing (or `signal`) stops the network at its next step. The same settings give the same bytes on the same build.
 *
 * @throws (as an error of the observable) SextantError `unsupported` (the model cannot), `bad-argument`, `too-large` (prompt, memory), `inference-failed`, `worker-lost`.
 */
export function generate(model: PaintingModel, options: GenerateOptions): Observable<GeneratedFrame> {
  return clip(model, 'generate', options);
}

/** Video and modalities from a sentence alone: `joint(model, {modalities: ['depth'], prompt: 'a country road on a sunny day', frames: 8})`. As `generate` otherwise. */
export function joint(model: PaintingModel, options: Omit<GenerateOptions, 'condition'>): Observable<GeneratedFrame> {
  return clip(model, 'joint', options);
}

/** Times a frame is tried whose worker dies. */
const TRIES = 3;
let clips = 0;

function clip(model: PaintingModel, task: 'generate' | 'joint', options: GenerateOptions): Observable<GeneratedFrame> {
  return new Observable<GeneratedFrame>((subscriber) => {
    const abort = new AbortController();
    const key = `clip-${++clips}`;
    const stop = (): void => abort.abort();
    if (options.signal?.aborted) stop();
    else options.signal?.addEventListener('abort', stop, { once: true });

    const work = async (): Promise<void> => {
      const settled = await settle(model, task, options);
      const { frames, grid, fps } = settled;
      const first = options.first ?? 0;
      let recent = await recall(model, task, options, settled, first);
      let known = false;
      for (let index = first; index < frames && !abort.signal.aborted; index++) {
        await options.pace?.(index);
        const condition = task === 'generate' ? await conditionOf(options, index) : undefined;
        const streams = condition && encode(model, condition, settled, index);
        const palette = condition?.palette && paletteOf(condition.palette, grid, index);
        const base = requestOf(task, key, index, settled, condition?.focal ?? settled.focal, options.previews === true);
        const painted = await paint(model, { ...base, ...(streams && { streams }), ...(palette && { palette }) }, known ? [] : recent, recent, options, settled, abort.signal);
        if (!painted) break;
        known = true;
        const kept = painted.streams ? quantised(painted.streams) : (streams as Float32Array);
        recent = [...recent, { rgb: painted.rgb, streams: kept }].slice(-RECENT_FRAMES);
        const frame: Frame = { stamp: (BigInt(index) * 1_000_000_000n) / BigInt(fps), frameId: 'camera_optical_frame', sequence: index, width: grid.width, height: grid.height, rgb: painted.rgb };
        const maps = painted.streams ? decodeMade({ streams: painted.streams, ...(painted.people && { people: painted.people }) }, settled.modalities, grid, model, settled.focal) : {};
        subscriber.next({
          index, frame, maps, ...(painted.streams && { streams: kept }), ...(condition && { condition }),
          elapsedMs: painted.timing.sampleMs + painted.timing.rememberMs,
        });
      }
    };
    work().then(() => subscriber.complete(), (error: unknown) => subscriber.error(error)).finally(() => model.forget(key));
    return () => {
      options.signal?.removeEventListener('abort', stop);
      stop();
    };
  });
}

/** One frame; `undefined` where it was cancelled. A frame whose worker died is made again, after handing over the frames before. */
async function paint(
  model: PaintingModel, request: PaintRequest, prime: readonly Kept[], recent: readonly Kept[], { onProgress }: GenerateOptions, { frames, grid }: Settled, signal: AbortSignal,
): Promise<Painted | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await model.paint({ ...request, prime: tries > 1 ? recent : prime }, ({ step, preview }) => {
        onProgress?.({ frame: request.index, frames, step, steps: request.steps + (request.repaint?.steps ?? 0), ...(preview && { preview: { ...grid, rgb: preview } }) });
      }, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isRestarting(error) || tries === TRIES) throw error;
    }
  }
}

/** A frame as the worker is told of it. */
interface Kept {
  readonly rgb: Uint8Array;
  readonly streams: Float32Array;
}

async function recall(model: PaintingModel, task: string, options: GenerateOptions, settled: Settled, first: number): Promise<readonly Kept[]> {
  const { frames } = settled;
  if (!(Number.isInteger(first) && first >= 0 && first <= frames)) throw new SextantError('bad-argument', `first is ${first}`, { hint: `Give a whole number from 0 to ${frames}, the clip's frames.`, details: { first, frames } });
  const recent = (options.recent ?? []).slice(-RECENT_FRAMES);
  if (recent.length > first) throw new SextantError('bad-argument', `${recent.length} frames cannot lie before frame ${first}`, { hint: 'Give the index of the frame to go on with as `first`.', details: { first, given: recent.length } });
  if (recent.length < Math.min(first, RECENT_FRAMES)) {
    throw new SextantError('bad-argument', `going on at frame ${first} needs the ${Math.min(first, RECENT_FRAMES)} frames before, got ${recent.length}`, { hint: 'Give them as `recent`, oldest first.', details: { first, given: recent.length } });
  }
  return Promise.all(recent.map(async ({ rgb, streams }, i): Promise<Kept> => {
    const index = first - recent.length + i;
    if (rgb.length !== 3 * settled.grid.width * settled.grid.height) throw refused('rgb', index, `has ${rgb.length} bytes, the frames are ${settled.grid.width}x${settled.grid.height}`, 'Go on at the size that the clip was begun with.');
    if (task === 'generate') return { rgb, streams: encode(model, await conditionOf(options, index), settled, index) };
    if (!streams) throw refused('streams', index, 'are missing', 'Joint generation goes on from pictures and streams.');
    checkStreams(streams, settled.grid, index);
    return { rgb, streams };
  }));
}

/** Streams that were kept of a frame, as `GeneratedFrame.streams` has them. */
function checkStreams(streams: Float32Array, { width, height }: Size, index: number): void {
  const length = 3 * MODALITIES.length * width * height;
  if (streams.length !== length) throw refused('streams', index, `have ${streams.length} values, the frames of ${width}x${height} need ${length}`, 'Go on with the streams and at the size that the clip was begun with.');
  const bad = streams.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad > 0) throw refused('streams', index, `hold ${bad} values that are NaN or infinite`, 'Go on with `streams` of the frames as they were made.');
}

/**
 * Refuses what `generate` would refuse of a frame's condition, before a weight is loaded.
 * @param settled what `settle` made of the settings
 * @throws SextantError `bad-argument` naming modality and frame.
 */
export function checkCondition(model: Pick<PaintingModel, 'manifest'>, condition: Condition, settled: Settled, index: number): void {
  encode(model, condition, settled, index);
  if (condition.palette) paletteOf(condition.palette, settled.grid, index);
}

async function conditionOf({ condition }: GenerateOptions, index: number): Promise<Condition> {
  if (!condition) throw new SextantError('bad-argument', 'generate has no condition', { hint: 'Give `condition`, or use joint to make video from a sentence alone.' });
  return condition(index);
}

function encode(model: Pick<PaintingModel, 'manifest'>, condition: Condition, { modalities, grid, referenceFocal, focal }: Settled, index: number): Float32Array {
  return encodeCondition(condition, modalities, grid, index, { classes: model.manifest.classes, referenceFocal, focal: condition.focal ?? focal, skeleton: drawingOf(model.manifest) });
}

function paletteOf({ width, height, rgb }: NonNullable<Condition['palette']>, grid: Size, index: number): Uint8Array {
  if (width === grid.width && height === grid.height && rgb.length === 3 * width * height) return rgb;
  throw refused('palette', index, `is ${width}x${height} of ${rgb.length} bytes, the frames are ${grid.width}x${grid.height}`, 'Resample it (synth does).');
}

function requestOf(task: 'generate' | 'joint', clipKey: string, index: number, settled: Settled, focal: number, previews: boolean): PaintRequest {
  const { grid, modalities, caption, negative, sampler, steps, shift, guidance, repaint, seed } = settled;
  return {
    ...grid, task, clip: clipKey, index, modalities: MODALITIES.filter((m: Modality) => modalities.includes(m)), caption: caption.ids, negative: negative.ids, focal,
    sampler, steps, shift, guidance, ...(repaint && { repaint }), seed, previews, prime: [],
  };
}
