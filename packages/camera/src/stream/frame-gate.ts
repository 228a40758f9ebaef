import { SextantError } from '@sextant/core';

/**
 * Back-pressure for a source that must lose nothing. An observable cannot be asked to wait, so the source asks the
 * gate before each frame, and whoever has finished with a frame says `release()`. At most `limit` frames are between.
 *
 *     const gate = new FrameGate(2);
 *     openSource('clip.mp4', { realtime: false, gate }).pipe(concatMap(work)).subscribe(() => gate.release());
 */
export class FrameGate {
  private out = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param limit frames that may be under way at once, 1 or more
   * @throws SextantError `bad-argument` for a limit that is not a positive integer.
   */
  constructor(private readonly limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new SextantError('bad-argument', `a gate cannot let ${limit} frames through`, { hint: 'Give a limit of 1 or more.', details: { limit } });
    }
  }

  /** Frames let through and not yet released. */
  get underWay(): number {
    return this.out;
  }

  /** One frame is done with (or will never come to an end): the next may follow. */
  release(): void {
    if (this.out > 0) this.out -= 1;
    this.wakeNext();
  }

  private wakeNext(): void {
    if (this.out < this.limit) this.waiting.shift()?.();
  }

  /** Resolves when one more frame may go, and counts it; resolves without counting it when `signal` is aborted. */
  async acquire(signal: AbortSignal): Promise<void> {
    while (this.out >= this.limit && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          const at = this.waiting.indexOf(wake);
          if (at >= 0) this.waiting.splice(at, 1);
          resolve();
        };
        this.waiting.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    if (!signal.aborted) this.out += 1;
    else this.wakeNext(); // whoever was woken and goes leaves the turn to the next
  }
}
