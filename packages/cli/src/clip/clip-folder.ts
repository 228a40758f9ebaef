import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SextantError } from '@sextant/core';
import type { Modality, Perception } from '@sextant/core';
import sharp from 'sharp';
import { writeDensepose } from '../files/densepose.js';
import { depthScale, writeDepth, writeDepthMeta } from '../files/depth.js';
import type { DepthScale } from '../files/depth.js';
import { writeFlow } from '../files/flow.js';
import { frameName } from '../files/frame-name.js';
import { writeReferred } from '../files/referred.js';
import { writeRgb } from '../files/rgb.js';
import { writeClasses, writeSegmentation } from '../files/segmentation.js';
import { cocoPeople, writeKeypoints } from '../files/skeleton.js';
import { writeJson, writeWhole } from '../files/write-whole.js';
import { PreviewComposer } from '../preview/compose.js';
import { encodePreview } from '../preview/encode.js';
import { claimFolder, forgetBegun, framesFile } from './claim-folder.js';
import type { ClaimOptions } from './claim-folder.js';
import { FolderLock, WORK, clearWork } from './folder-lock.js';
import { Journal } from './journal.js';
import type { JournalFrame } from './journal.js';

/** What a folder is filled with. */
export interface ClipOptions extends ClaimOptions {
  readonly modalities: readonly Modality[];
  /** Also write `rgb/`. */
  readonly rgb?: boolean;
  /** Whether to make a preview. @default true */
  readonly preview?: boolean;
  /** What must be the same for a later call to go on: command, source, model, options. Plain JSON values. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/** What of an identity is told where it differs: what flags say. The rest (hashes, lists of files) says nothing to a reader. */
const TOLD: readonly string[] = ['command', 'seed', 'source', 'frames', 'width', 'height', 'size', 'fps', 'scene', 'assets', 'modalities', 'memory', 'steady', 'resolution', 'steps', 'closeUps', 'prompt'];

/** How a folder is closed. */
interface CloseOptions {
  /** Whether all frames are there. */
  readonly complete: boolean;
  readonly fps: number;
  readonly signal?: AbortSignal;
}

/** What is said about a frame beside its maps. */
export type FrameNotes = Pick<JournalFrame, 'cam2world' | 'lastId' | 'sha256' | 'conditionSha256'>;

/**
 * The folder that `estimate` and `world` fill with typed files, frame by frame. Every file is whole or not there; an
 * interrupted clip goes on where it stopped when opened again with the same identity.
 */
export class ClipFolder {
  readonly #preview: PreviewComposer;
  #scale: DepthScale | undefined;
  #classesWritten = false;
  #abandoned = false;

  private constructor(
    readonly path: string,
    private readonly options: ClipOptions,
    private readonly journal: Journal,
    private readonly lock: FolderLock,
  ) {
    this.#preview = new PreviewComposer(options.modalities);
  }

  /**
   * Opens or begins a folder. `undefined`: it is complete already, with the same identity.
   * @throws SextantError `bad-argument` where it holds something else or a source, and where another call is writing there; `io`.
   */
  static async open(path: string, options: ClipOptions): Promise<ClipFolder | undefined> {
    return FolderLock.around(path, (lock) => ClipFolder.#begin(path, options, lock), (folder) => folder !== undefined);
  }

  static async #begin(path: string, options: ClipOptions, lock: FolderLock): Promise<ClipFolder | undefined> {
    const finished = await claimFolder(path, options);
    if (finished !== undefined && !isDeepStrictEqual(finished.identity, options.identity)) throw otherContent(path, finished.identity, options.identity);
    if (finished?.complete === true) return undefined;
    const journal = await Journal.open(framesFile(path), { identity: options.identity });
    if (!isDeepStrictEqual(journal.head.identity, options.identity)) {
      await journal.close();
      throw otherContent(path, journal.head.identity, options.identity);
    }
    const folder = new ClipFolder(path, options, journal, lock);
    await folder.#recall();
    return folder;
  }

  /** Frames done, also by earlier calls. */
  get frames(): readonly JournalFrame[] {
    return this.journal.frames;
  }

  /** What was wrong with the source, also as earlier calls found. */
  get issues(): readonly string[] {
    return this.journal.issues;
  }

  /** Notes what is wrong with the source, for the manifest of this call and of later ones. @throws SextantError `io`. */
  addIssue(message: string): Promise<void> {
    return this.journal.addIssue(message);
  }

  /** Where files that only a later call needs are kept until the clip is complete. */
  get workFolder(): string {
    return join(this.path, WORK);
  }

  /** Index of the first frame that is not done. */
  get next(): number {
    const last = this.journal.frames.at(-1);
    return last === undefined ? 0 : last.index + 1;
  }

  /** The largest id of the frames that are done; 0 where none is known. */
  get lastId(): number {
    return this.journal.frames.at(-1)?.lastId ?? 0;
  }

  /**
   * Writes all files of a frame, whose maps have the frame's size, and notes it as done.
   * @param shown the perception that the preview draws: the same, before its maps were enlarged, where that is cheaper
   */
  async add(index: number, perception: Perception, notes: FrameNotes = {}, shown: Perception = perception): Promise<void> {
    const { frame, depth, flow, segmentation, skeleton, densepose, referred } = perception;
    const { width, height } = frame;
    if (this.options.rgb === true) await writeRgb(this.path, index, frame);
    if (depth) {
      this.#scale ??= await this.#keepScale(depthScale(depth));
      await writeDepth(this.path, index, depth, this.#scale);
    }
    if (flow) await writeFlow(this.path, index, flow);
    if (segmentation) {
      if (!this.#classesWritten) await writeClasses(this.path, segmentation.classes);
      this.#classesWritten = true;
      await writeSegmentation(this.path, index, segmentation);
    }
    if (densepose) await writeDensepose(this.path, index, densepose);
    if (referred) await writeReferred(this.path, index, referred);
    if (this.options.preview !== false) await this.#keepPreview(index, shown);
    await this.journal.add({ index, stamp: Number(frame.stamp), width, height, ...(skeleton && { people: cocoPeople(skeleton, segmentation?.instances) }), ...(referred && { found: referred.count, foundFrom: referred.threshold }), ...notes });
  }

  /**
   * Writes what is written once per clip: keypoints.json and manifest.json, and when `complete` the preview; then the work
   * files go. Called with `complete` false after an interrupt, so that what is there can be read. Returns whether the clip is complete now: where `signal` comes while
   * the preview is made it is not, and a later call has only that left to do.
   */
  async close(manifest: Readonly<Record<string, unknown>>, options: CloseOptions): Promise<boolean> {
    try {
      return await this.#finish(manifest, options);
    } finally {
      await this.abandon();
    }
  }

  /** Closes the journal and gives the folder back, after a failure too; the next call goes on here. Where nothing was written the folder is free for another clip. */
  async abandon(): Promise<void> {
    if (this.#abandoned) return; // it may be another call's by now
    this.#abandoned = true;
    await this.journal.close().catch(() => {});
    if (this.journal.frames.length === 0) await forgetBegun(this.path);
    await this.lock.release();
  }

  async #finish(manifest: Readonly<Record<string, unknown>>, options: CloseOptions): Promise<boolean> {
    const { fps, signal } = options;
    const { frames } = this.journal;
    const people = this.options.modalities.includes('skeleton') ? frames.reduce((sum, frame) => sum + (frame.people?.length ?? 0), 0) : undefined;
    if (people !== undefined) await writeKeypoints(this.path, frames);
    const preview = options.complete ? await encodePreview(join(this.path, WORK, 'preview'), join(this.path, 'preview'), fps, signal) : undefined;
    const complete = options.complete && signal?.aborted !== true;
    const stamps = frames.map(({ index, stamp, sha256, conditionSha256 }) => ({ index, stamp, sha256, conditionSha256 }));
    await writeJson(join(this.path, 'manifest.json'), {
      format: 1, complete, identity: this.options.identity, ...manifest, width: frames[0]?.width, height: frames[0]?.height, modalities: this.options.modalities,
      ...(preview !== undefined && { preview: preview.slice(this.path.length + 1) }), counts: { frames: frames.length, people }, frames: stamps,
    });
    if (complete) await clearWork(this.path);
    return complete;
  }

  async #keepPreview(index: number, shown: Perception): Promise<void> {
    const { rgb, width, height } = this.#preview.compose(shown);
    const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: 85 }).toBuffer();
    await writeWhole(join(this.path, WORK, 'preview', frameName(index, 'jpg')), jpeg);
  }

  async #keepScale(scale: DepthScale): Promise<DepthScale> {
    await writeDepthMeta(this.path, scale);
    return scale;
  }

  /** What an earlier call decided. */
  async #recall(): Promise<void> {
    if (this.journal.frames.length === 0) return;
    const read = async <T>(...name: string[]): Promise<T | undefined> =>
      readFile(join(this.path, ...name), 'utf8').then((text) => JSON.parse(text) as T, () => undefined);
    this.#scale = await read<DepthScale>('depth', 'meta.json');
    this.#classesWritten = (await read('classes.json')) !== undefined;
  }
}

function otherContent(path: string, there: unknown, wanted: unknown): SextantError {
  const other = differences(there, wanted);
  return new SextantError('bad-argument', `${path} holds the results of something else${other.length > 0 ? `: ${other.join('; ')}` : ''}`, {
    hint: 'Choose another folder, or give --overwrite to delete them.',
    details: { path, there, wanted },
  });
}

/** What differs between two identities, in words: of what flags say, what it was made with and what is asked for. */
function differences(there: unknown, wanted: unknown): string[] {
  const [a, b] = [there, wanted].map((identity) => (typeof identity === 'object' ? identity : null) ?? {}) as Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key])).map((key) => (
    TOLD.includes(key) ? `it was made with ${key} ${inWords(a[key])}, ${inWords(b[key])} is asked for` : `another ${key}`
  ));
}

const inWords = (value: unknown): string => (value === undefined || value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value));
