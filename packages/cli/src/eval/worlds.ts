import type { Frame } from '@sextant/core';
import { createWorld, loadAssets } from '@sextant/world';
import type { SimulatedWorld, WorldFrame } from '@sextant/world';
import type { WorldSettings } from './settings.js';

/** Which of the worlds, and how many instants a second they have. */
export interface Choice {
  /** Only every so many seeds. @default 1 */
  readonly every?: number;
  /** @default the world's own rate */
  readonly fps?: number;
}

/**
 * The worlds that are measured on, one after another; `tell` hears how many of how many seeds are done before each.
 * @throws SextantError those of `loadAssets`.
 */
export async function* worldsOf(
  { seeds, firstSeed, size, assets }: WorldSettings, tell: (done: number, all: number) => void, { every = 1, fps }: Choice = {},
): AsyncGenerator<{ readonly seed: number; readonly world: SimulatedWorld }> {
  const library = assets === undefined ? undefined : await loadAssets(assets);
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += every) {
    tell(seed - firstSeed, seeds);
    yield { seed, world: createWorld({ seed, ...size, ...(fps !== undefined && { fps }), ...(library && { assets: library }) }) };
  }
}

/** A rendered instant as a camera's frame. */
export function toFrame({ rgb, width, height, stamp, index, camera }: WorldFrame): Frame {
  return { rgb, width, height, stamp, frameId: 'camera_optical_frame', sequence: index, camera };
}

/** Successive instants of a world as frames, rendered when they are asked for, and what is true of the newest. */
export class Instants {
  #truth: WorldFrame | undefined;

  constructor(private readonly world: SimulatedWorld, private readonly first: number, private readonly count: number) {}

  *frames(): Generator<Frame> {
    for (let index = this.first; index < this.first + this.count; index += 1) {
      this.#truth = this.world.render(index);
      yield toFrame(this.#truth);
    }
  }

  /** What is true of the frame that was given last. */
  get truth(): WorldFrame {
    return this.#truth!;
  }
}
