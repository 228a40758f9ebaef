import { MODALITIES, SextantError, checkSize, isModality, type Frame, type Modality, type Perception, type SegmentationClass } from '@sextant/core';
import { modalityNamed } from './text/modality-words.js';
import { readPhrase, type ReadPhrase } from './text/refer.js';
import { WordMeanings } from './text/word-meanings.js';
import { checkSteps } from './views/view.js';
import { checkCloseUps } from './close-ups/close-ups.js';
import type { DecodedMaps } from './codecs/decode.js';
import type { PaintingModel } from './generate/painting-model.js';
import type { Manifest } from './manifest/schema.js';
import type { DeviceReport } from './runtime/device.js';
import { focalOf } from './runtime/grid.js';
import type { WorkerHost } from './runtime/host.js';
import type { PaintRequest, Painted, ResetReason, StreamKey, Timing } from './runtime/messages.js';

export interface RunOptions {
  /**
   * The sequence that this frame continues, any key of yours. Without one the frame stands alone: there is no flow, as
   * there is nothing that moved. A pause of more than a second, an earlier stamp,
   * another size or focal length, and a cut to another scene start a stream afresh: see `Perception.reset`. A worker remembers the 64 streams
   * that were used last: `forget` those that have ended.
   */
  readonly stream?: StreamKey;
  /**
   * Whether the network may use what it kept of the stream's earlier frames (its cache of keys and values) and keep more.
   * false estimates each frame for itself; flow compares with the frame before either way. @default true
   */
  readonly memory?: boolean;
  /**
   * Views of the frame that are shown to the network and averaged, 1 to 3: as it is, mirrored, a quarter larger. Each costs as its size does;
   * docs/refinement.md says what it gains. @default 1
   */
  readonly steps?: number;
  /**
   * People of the frame, the surest first, that are looked at again from nearby, 0 to 32: their joints, outlines and body parts are those of the
   * close-up, and who is not found there is dropped. Each costs as much as the frame. docs/refinement.md says what it gains. @default 0
   */
  readonly closeUps?: number;
  /**
   * In-context prompts: text instead of the modality's own. `segmentation` names what to find, "segmentation of the two dogs" or "the two dogs":
   * it is found as `Perception.referred`, beside the modalities asked for, and the same whichever they are.
   * Words beyond the vocabulary are replaced by the nearest in meaning, see `phraseOf`.
   */
  readonly prompts?: { readonly segmentation?: string };
}

/** What became of a model's worker so far. */
export interface ModelHealth {
  /** Process id of the worker, absent for a thread or while it is being started again. */
  readonly pid?: number;
  /** Times the worker died and was started again. */
  readonly restarts: number;
  /**
   * Times that a stream began afresh, by reason (`start`: its first frame, also after a restart of the worker), and times that
   * only the part of its memory that depends on the asked `modalities` did.
   */
  readonly resets: Readonly<Partial<Record<ResetReason, number>>>;
  /** Where the time of the last frame went in the worker. */
  readonly lastTiming?: Timing;
}

/** A loaded model. Close it when done: it holds a worker with the weights. */
export interface Model {
  readonly name: string;
  readonly version: string;
  /** What it can estimate, in the order of MODALITIES. */
  readonly modalities: readonly Modality[];
  readonly classes: readonly SegmentationClass[];
  readonly device: DeviceReport;
  readonly health: ModelHealth;
  /**
   * Estimates `modalities` of one frame; only the graphs they need run. The frame is copied, not kept. Calls
   * that do not wait for one another are run in their order. The maps' arrays
   * belong to the caller but may share buffers: do not transfer them.
   * @throws SextantError `bad-argument` (unknown modality, frame whose size does not fit its bytes or whose camera has no focal length, steps or close-ups that cannot be, closed model), `unsupported`,
   * `inference-failed`, `worker-lost` (`details.restarting`: only this frame is lost).
   */
  run(frame: Frame, modalities: readonly Modality[], options?: RunOptions): Promise<Perception>;
  /** Forgets the previous frame of a stream: that of the last `run` before this call, waited for or not. */
  forget(stream: StreamKey): void;
  /** Ends the worker; running requests fail. Closing twice is fine. */
  close(): Promise<void>;
}

/**
 * Checks words that should name modalities of a model, by their ids or as one says them ("depth map", "human skeleton": `modalityNamed`); returns them once each, in the
 * order of MODALITIES.
 * @throws SextantError `bad-argument` listing the valid ones.
 */
export function parseModalities(words: readonly string[], available: readonly Modality[] = MODALITIES): readonly Modality[] {
  const named = words.map((word) => (isModality(word) ? word : (modalityNamed(word) ?? word)));
  const bad = named.find((word) => !isModality(word) || !available.includes(word));
  if (bad !== undefined) {
    throw new SextantError('bad-argument', `${isModality(bad) ? `this model does not estimate "${bad}"` : `unknown modality "${bad}"`}`, {
      hint: `Modalities: ${available.join(', ')}.`,
      details: { modality: bad, available },
    });
  }
  return MODALITIES.filter((m) => named.includes(m));
}

/** A model whose worker is running. */
export class WorkerModel implements Model, PaintingModel {
  readonly modalities: readonly Modality[];
  readonly #resets: Partial<Record<ResetReason, number>> = {};
  #lastTiming?: Timing;
  #meanings?: Promise<WordMeanings | undefined>;
  /** Settles when the phrases of all runs so far have been read. */
  #read: Promise<void> = Promise.resolve();
  #lastPhrase?: { readonly phrase: string; readonly read: ReadPhrase };

  constructor(
    readonly manifest: Manifest,
    readonly device: DeviceReport,
    private readonly host: WorkerHost,
    readonly folder: string,
  ) {
    this.modalities = MODALITIES.filter((m) => manifest.modalities[m]);
  }

  get name(): string {
    return this.manifest.name;
  }

  get version(): string {
    return this.manifest.version;
  }

  get classes(): readonly SegmentationClass[] {
    return this.manifest.classes;
  }

  get health(): ModelHealth {
    const { pid, restarts } = this.host;
    return { restarts, resets: { ...this.#resets }, ...(pid === undefined ? {} : { pid }), ...(this.#lastTiming ? { lastTiming: this.#lastTiming } : {}) };
  }

  async run(frame: Frame, modalities: readonly Modality[], { stream, memory = true, steps = 1, closeUps = 0, prompts }: RunOptions = {}): Promise<Perception> {
    const start = performance.now();
    const asked = parseModalities(modalities, this.modalities);
    const { stamp, width, height, rgb, camera } = frame;
    checkSize('a frame', rgb.length, width, height, 3);
    checkSteps(steps, asked, this.manifest);
    checkCloseUps(closeUps, this.manifest);
    const focal = focalOf(frame);
    const reading = prompts?.segmentation === undefined ? undefined : this.phraseOf(prompts.segmentation);
    const phrase = await this.#inOrder(reading);
    const reply = await this.host.request({
      type: 'run',
      frame: { stamp, width, height, rgb, ...(focal === undefined ? {} : { focal }), focalKnown: camera !== undefined && camera.provenance !== 'guessed' },
      modalities: asked,
      memory,
      steps,
      closeUps,
      ...(phrase && { sought: { ...(phrase.group ? { classes: phrase.group.classes } : { prompt: phrase.ids }), ...(phrase.colours && { colours: phrase.colours }) } }),
      ...(stream === undefined ? {} : { stream }),
    });
    if (reply.type !== 'result') throw new SextantError('internal', `the worker answered run with ${reply.type}`, { hint: 'Please report this.' });
    this.#lastTiming = reply.timing;
    const { reset } = reply;
    if (reset) this.#resets[reset] = (this.#resets[reset] ?? 0) + 1;
    const afresh = reset && reset !== 'modalities' ? { reset } : {};
    const found = reply.found && { referred: { ...reply.found, phrase: prompts?.segmentation ?? '', ...(phrase?.asked !== undefined && { asked: phrase.asked }) } };
    return { frame, ...this.#maps(reply.maps), ...found, ...afresh, latencyMs: performance.now() - start };
  }

  /** A phrase as the network is told it, and which words stand in for others. @throws SextantError `unsupported`, `bad-argument`, `too-large`. */
  async phraseOf(phrase: string): Promise<ReadPhrase> {
    // Asked for with every frame of a stream, and looked up among twenty thousand words.
    if (this.#lastPhrase?.phrase === phrase) return this.#lastPhrase.read;
    const { text } = this.manifest;
    this.#meanings ??= text ? WordMeanings.read(this.folder, text) : Promise.resolve(undefined);
    const read = readPhrase(phrase, this.manifest, await this.#meanings);
    this.#lastPhrase = { phrase, read };
    return read;
  }

  async paint(request: PaintRequest, onStep: (step: { readonly step: number; readonly preview?: Uint8Array }) => void, signal: AbortSignal): Promise<Painted | undefined> {
    const reply = await this.host.paint(request, onStep, signal);
    if (reply.type === 'cancelled') return undefined;
    if (reply.type !== 'painted') throw new SextantError('internal', `the worker answered paint with ${reply.type}`, { hint: 'Please report this.' });
    return reply.painted;
  }

  forget(stream: StreamKey): void {
    void this.#inOrder().then(() => this.host.forget(stream));
  }

  close(): Promise<void> {
    return this.host.close();
  }

  /** The worker is told of frames, and of streams to forget, in the order of the calls: what needs no phrase waits while that of an earlier frame is being read. */
  async #inOrder(reading?: Promise<ReadPhrase>): Promise<ReadPhrase | undefined> {
    this.#read = Promise.allSettled([this.#read, reading]).then(() => undefined);
    await this.#read;
    const phrase = await reading; // as quick as none: whoever is next waits longer
    return phrase;
  }

  #maps({ segmentation, ...maps }: DecodedMaps): Omit<Perception, 'frame' | 'latencyMs'> {
    return segmentation ? { ...maps, segmentation: { ...segmentation, classes: this.classes } } : maps;
  }
}
