import type { Perception } from '@sextant/core';
import { FullResolution, Steadier, Tracker } from '@sextant/model';
import type { Resolution } from '../config/schema.js';
import { toFrameSize } from '../files/to-frame-size.js';

/** What is done to the model's maps, beside lasting ids, before they are written. */
export interface RefineOptions {
  /** Average depth along the flow. */
  readonly steady: boolean;
  /** How maps come to the picture's size: resampled plainly, or along the picture's edges. */
  readonly resolution: Resolution;
  /** The largest id that an earlier call gave. */
  readonly lastId: number;
}

/** A frame's results, ready to be written. */
export interface Refined {
  /** At the model's resolution. */
  readonly model: Perception;
  /** At the frame's size. */
  readonly full: Perception;
  /** The largest id given so far; 0 before the first. */
  readonly lastId: number;
}

/** Steady depth, lasting ids and the frame's size for the perceptions of one recording, in their order. */
export class Refiner {
  readonly #steadier: Steadier | undefined;
  readonly #tracker: Tracker;
  readonly #enlarge: (perception: Perception) => Perception;

  constructor({ steady, resolution, lastId }: RefineOptions) {
    this.#steadier = steady ? new Steadier() : undefined;
    this.#tracker = new Tracker({ firstId: lastId + 1 });
    const edges = resolution === 'camera' ? new FullResolution() : undefined;
    // After the edge-aware step `toFrameSize` only leaves out what is not written.
    this.#enlarge = (perception) => toFrameSize(edges ? edges.apply(perception) : perception);
  }

  /** A frame whose results are written already: only what is kept of it for the next ones. */
  prime(perception: Perception): void {
    this.#follow(perception);
  }

  refine(perception: Perception): Refined {
    const model = this.#follow(perception);
    return { model, full: this.#enlarge(model), lastId: this.#tracker.lastId };
  }

  #follow(perception: Perception): Perception {
    return this.#tracker.update(this.#steadier ? this.#steadier.update(perception) : perception);
  }
}
