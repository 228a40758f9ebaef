import { rm } from 'node:fs/promises';
import type { GenerateProgress } from '@sextant/model';
import type { Output } from '../cli/output.js';
import { png8 } from '../files/png.js';
import { writeWhole } from '../files/write-whole.js';

const PERIOD_MS = 500;

/** Tells of the steps within a frame, at most twice a second: `step` events, and a picture of where it stands. */
export class StepReporter {
  #last = -Infinity;
  #writing = Promise.resolve();

  /** @param picture file that is kept up to date; it goes at the end */
  constructor(private readonly output: Output, private readonly picture: string | undefined) {}

  step({ frame, frames, step, steps, preview }: GenerateProgress): void {
    const now = performance.now();
    if (now - this.#last < PERIOD_MS && step !== steps) return;
    this.#last = now;
    this.output.event('step', { frame, frames, step, steps });
    if (!this.picture || !preview) return;
    const path = this.picture;
    // A preview that cannot be written is no reason to stop: the frames themselves will say so.
    this.#writing = this.#writing.then(async () => writeWhole(path, await png8(preview.rgb, preview.width, preview.height, 3))).catch(() => {});
  }

  async end(): Promise<void> {
    await this.#writing;
    if (this.picture) await rm(this.picture, { force: true });
  }
}
