import { deserialize, serialize } from 'node:v8';
import type { Perception } from '@sextant/core';
import { FullResolution, Steadier, Tracker } from '@sextant/model';
import type { SteadierState, TrackerState } from '@sextant/model';
import type { Resolution } from '../cli/choices.js';
import { toFrameSize } from '../files/to-frame-size.js';
import { version } from '../version.js';

/** What is done to the model's maps, beside lasting ids, before they are written. */
export interface RefineOptions {
  /** Average depth along the flow. */
  readonly steady: boolean;
  /** How maps come to the picture's size: resampled plainly, or along the picture's edges. */
  readonly resolution: Resolution;
  /** The largest id that an earlier call gave. */
  readonly lastId: number;
  /** `Refined.state` of the last frame of an earlier call, to go on from; absent where none was kept, or none of this version: ids go on after `lastId`. */
  readonly state?: Uint8Array | undefined;
}

/** What is known of the frames so far. */
interface Kept {
  readonly version: string;
  readonly tracker: TrackerState;
  readonly steadier: SteadierState | undefined;
}

/** A frame's results, ready to be written. */
export interface Refined {
  /** At the model's resolution. */
  readonly model: Perception;
  /** At the frame's size. */
  readonly full: Perception;
  /** The largest id given so far; 0 before the first. */
  readonly lastId: number;
  /** What is known after this frame, for a later call: a copy. */
  readonly state: Uint8Array;
}

/** Steady depth, lasting ids and the frame's size for the perceptions of one recording, in their order. */
export class Refiner {
  readonly #steadier: Steadier | undefined;
  readonly #tracker: Tracker;
  readonly #enlarge: (perception: Perception) => Perception;
  /** Read once: it comes from a file. */
  readonly #version = version();

  constructor({ steady, resolution, lastId, state }: RefineOptions) {
    const kept = keptIn(state, this.#version);
    if (steady) this.#steadier = kept?.steadier ? Steadier.from(kept.steadier) : new Steadier();
    this.#tracker = kept ? Tracker.from(kept.tracker) : new Tracker({ firstId: lastId + 1 });
    const edges = resolution === 'camera' ? new FullResolution() : undefined;
    // After the edge-aware step `toFrameSize` only leaves out what is not written.
    this.#enlarge = (perception) => toFrameSize(edges ? edges.apply(perception) : perception);
  }

  refine(perception: Perception): Refined {
    const model = this.#tracker.update(this.#steadier ? this.#steadier.update(perception) : perception);
    const kept: Kept = { version: this.#version, tracker: this.#tracker.state, steadier: this.#steadier?.state };
    return { model, full: this.#enlarge(model), lastId: this.#tracker.lastId, state: serialize(kept) };
  }
}

/** What an earlier call of the same version knew. */
function keptIn(state: Uint8Array | undefined, ours: string): Kept | undefined {
  const kept = state === undefined ? undefined : (deserialize(state) as Kept);
  return kept?.version === ours ? kept : undefined;
}
