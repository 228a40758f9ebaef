import { SextantError } from '@sextant/core';
import type { Frame, Modality, Perception } from '@sextant/core';
import type { Model } from '@sextant/model';

/** How often a frame is tried whose worker dies. */
const TRIES = 3;
/** The stream of an offline run. */
const STREAM = 'offline';

/**
 * Runs frames one after another and loses none: a frame whose worker died is run again, after the frame before it, so that
 * its flow continues.
 */
export class FrameRunner {
  #previous: Frame | undefined;

  constructor(
    private readonly model: Model,
    private readonly modalities: readonly Modality[],
  ) {}

  /** Only remembers the frame as the one before the next: its results are there already. */
  async prime(frame: Frame): Promise<void> {
    await this.run(frame);
  }

  async run(frame: Frame): Promise<Perception> {
    for (let tries = 1; ; tries += 1) {
      try {
        if (tries > 1 && this.#previous) await this.model.run(this.#previous, this.modalities, { stream: STREAM });
        const perception = await this.model.run(frame, this.modalities, { stream: STREAM });
        this.#previous = frame;
        return perception;
      } catch (error) {
        const restarting = SextantError.isInstance(error) && error.code === 'worker-lost' && error.details.restarting === true;
        if (!restarting || tries === TRIES) throw error;
      }
    }
  }
}
