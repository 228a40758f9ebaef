import type { Modality, StreamReset } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import type { Manifest } from '../manifest/schema.js';
import { parseSource } from '../manifest/sources.js';
import { CutDetector } from './cut-detector.js';
import type { Past, Values } from './dataflow.js';
import type { TrustMap } from './exposure.js';
import { sameSize, type Size } from './grid.js';
import type { ResetReason, StreamKey } from './messages.js';
import { taskGraphs } from './plan.js';
import type { Thumbnail } from './thumbnail.js';

/** A longer pause than this between two frames of a stream starts it afresh: motion over it is no flow. */
const MAX_GAP_NS = 1_000_000_000n;
/** Another focal length than this part's difference is a zoom, and not the rounding of a calibration. */
const MAX_FOCAL_CHANGE = 0.01;
/**
 * Streams whose previous frame is kept; the one unused for longest goes first. With more than this by turns nobody would have a frame before: far more
 * than the cameras that share a model. It only bounds what callers leave behind who never forget a stream (3 MB each with models/nano at 256x192).
 */
const MAX_STREAMS = 64;

/** What a stream's memory needs to know of a frame. */
export interface Moment {
  readonly stamp: bigint;
  readonly source: Size;
  readonly grid: Size;
  /** fx in pixels of the grid. */
  readonly focal: number;
  /** Of the picture on the grid. */
  readonly thumbnail: Thumbnail;
  /** `exposureTrust` of the picture. */
  readonly trust: TrustMap | undefined;
  readonly modalities: readonly Modality[];
  /** Whether `state.*` may be used and kept; `previous.*` is, regardless. */
  readonly memory: boolean;
}

/** What a stream remembers for a frame, and why that is less than everything. */
export interface Recollection extends Past {
  /** Stamp of the frame before, where there is one. */
  readonly since?: bigint;
  /** Its `exposureTrust`. */
  readonly trust?: TrustMap;
  readonly reset?: ResetReason;
}

/** A stream's frame before. */
interface Kept extends Past {
  readonly moment: Omit<Moment, 'thumbnail'>;
  readonly cuts: CutDetector;
}

/** What streams keep of their previous frame: the values that `previous.*` and `state.*` read, and when they are void. */
export class StreamMemory {
  readonly #streams = new Map<StreamKey, Kept>();
  readonly #keys: { readonly previous: ReadonlySet<string>; readonly state: ReadonlySet<string> };
  readonly #taskGraphs: ReadonlySet<string>;

  constructor(manifest: Manifest) {
    const [previous, state] = [new Set<string>(), new Set<string>()];
    for (const text of Object.values(manifest.graphs).flatMap(({ inputs }) => Object.values(inputs))) {
      const source = parseSource(text);
      if (source?.from === 'previous') previous.add(`${source.graph}.${source.output}`);
      if (source?.from === 'state') state.add(`${source.graph}.${source.output}`);
    }
    this.#keys = { previous, state };
    this.#taskGraphs = taskGraphs(manifest);
  }

  /** What `stream` has for the frame of `moment`. Looks at its picture, so call it once for each frame, in order. */
  recall(stream: StreamKey, moment: Moment): Recollection {
    const kept = this.#streams.get(stream);
    if (!kept) return { reset: 'start' };
    const reset = discontinuity(kept, moment);
    if (reset) return { reset };
    const { previous, state: known, moment: { stamp: since, trust } } = kept;
    const state = moment.memory ? known : undefined;
    const before = { since, ...(trust && { trust }), ...(previous && { previous }) };
    if (!state || sameSet(kept.moment.modalities, moment.modalities)) return { ...before, ...(state && { state }) };
    const untouched = new Map([...state].filter(([key]) => !this.#taskGraphs.has(key.slice(0, key.indexOf('.')))));
    return { ...before, state: untouched, ...(untouched.size < state.size && { reset: 'modalities' }) };
  }

  /** Keeps what the next frame of `stream` may read of this one's values; `recall` came before. */
  keep(stream: StreamKey, { thumbnail, ...moment }: Moment, values: Values): void {
    const { previous, state } = this.#keys;
    let cuts = this.#streams.get(stream)?.cuts;
    if (!cuts) {
      cuts = new CutDetector();
      cuts.isCut(thumbnail);
    }
    this.#streams.delete(stream); // to the end of the queue
    this.#streams.set(stream, { moment, cuts, previous: pick(values, previous), ...(moment.memory && { state: pick(values, state) }) });
    if (this.#streams.size > MAX_STREAMS) this.#streams.delete(this.#streams.keys().next().value as StreamKey);
  }

  forget(stream: StreamKey): void {
    this.#streams.delete(stream);
  }
}

/** Why a frame does not continue the one before. The detector sees every frame, whatever else is wrong with it. */
function discontinuity({ moment: before, cuts }: Kept, now: Moment): StreamReset | undefined {
  const cut = cuts.isCut(now.thumbnail);
  if (!sameSize(before.source, now.source) || !sameSize(before.grid, now.grid)) return 'size';
  if (Math.abs(now.focal / before.focal - 1) > MAX_FOCAL_CHANGE) return 'size';
  const gap = now.stamp - before.stamp;
  if (gap <= 0n || gap > MAX_GAP_NS) return 'gap';
  return cut ? 'cut' : undefined;
}

function pick(values: Values, keys: ReadonlySet<string>): Values {
  const picked = new Map<string, Tensor>();
  for (const key of keys) {
    const tensor = values.get(key);
    if (tensor) picked.set(key, tensor);
  }
  return picked;
}

function sameSet(a: readonly Modality[], b: readonly Modality[]): boolean {
  return a.length === b.length && a.every((m) => b.includes(m));
}
