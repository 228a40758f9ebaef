import { SextantError } from '@sextant/core';
import type { Frame, Modality, Perception } from '@sextant/core';
import type { Model, RunOptions } from '@sextant/model';

/** How often a frame is tried whose worker dies. */
const TRIES = 3;
/** The stream of an offline run. */
const STREAM = 'offline';

/** Frames that are run again where the model forgot them: one is enough for flow, some fill the network's memory again. */
export const RECENT = 5;

/**
 * Runs frames one after another and loses none: a frame whose worker died is run again, after the frames before it, so that
 * its flow and (about) its memory continue.
 */
export class FrameRunner {
  #recent: readonly Frame[] = [];

  constructor(
    private readonly model: Model,
    private readonly modalities: readonly Modality[],
    private readonly how: Omit<RunOptions, 'stream'> = {},
  ) {}

  async run(frame: Frame): Promise<Perception> {
    const options: RunOptions = { ...this.how, stream: STREAM };
    for (let tries = 1; ; tries += 1) {
      try {
        if (tries > 1) for (const before of this.#recent) await this.model.run(before, this.modalities, options);
        const perception = await this.model.run(frame, this.modalities, options);
        this.#recent = [...this.#recent, frame].slice(-RECENT);
        return perception;
      } catch (error) {
        const restarting = SextantError.isInstance(error) && error.code === 'worker-lost' && error.details.restarting === true;
        if (!restarting || tries === TRIES) throw error;
      }
    }
  }
}
