import type { Frame } from '@sextant/core';
import type { Size } from '@sextant/model';
import { createWorld } from '@sextant/world';

/** Pictures that are rendered before the measurement; they are then shown forth and back, so that motion stays small. */
const PICTURES = 8;
const FRAME_NS = 33_333_333n;

/** Endless frames that cost nothing to make: what is measured is not the camera. */
export class ReadyFrames {
  readonly #frames: readonly Frame[];
  #sequence = 0;

  constructor({ width, height }: Size) {
    const world = createWorld({ seed: 7, width, height, supersampling: 1 });
    this.#frames = Array.from({ length: PICTURES }, (_, index) => {
      const { rgb, camera } = world.render(index);
      return { rgb, camera, width, height, stamp: 0n, sequence: 0, frameId: 'camera_optical_frame' };
    });
  }

  /** The next frame. */
  next(): Frame {
    const sequence = this.#sequence++;
    const period = 2 * (PICTURES - 1);
    const at = sequence % period;
    return { ...this.#frames[at < PICTURES ? at : period - at], sequence, stamp: BigInt(sequence) * FRAME_NS };
  }
}
