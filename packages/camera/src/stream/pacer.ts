import type { Clock } from './clock.js';

/** Lag, in milliseconds, beyond which the schedule moves instead of being caught up with. */
const SLACK_MS = 100;
/** Longest wait of a timer, 24.8 days; one that is longer fires at once. Stamps further apart are of a clock that was set. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Plays recorded stamps at the rate they were captured. A source that cannot keep up is played slower: the schedule
 * moves by the lag, so that a stall is never followed by a burst.
 */
export class Pacer {
  private startedAt: number | undefined;
  private last: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly speed = 1,
  ) {}

  /** Resolves when the picture stamped `stamp` (nanoseconds) is due; the first one is due at once. */
  async due(stamp: bigint, signal: AbortSignal): Promise<void> {
    const captured = Number(stamp) / 1e6;
    if (captured - (this.last ?? captured) > LONGEST_MS) this.restart();
    this.last = captured;
    const at = captured / this.speed;
    const now = this.clock.now();
    this.startedAt ??= now - at;
    const wait = this.startedAt + at - now;
    if (wait < -SLACK_MS) this.startedAt = now - at;
    for (let left = wait; left > 0 && !signal.aborted; left -= LONGEST_MS) await this.clock.sleep(Math.min(left, LONGEST_MS), signal);
  }

  /** The clock of the stamps was set: the next picture is due at once, however far it is from the last one. */
  restart(): void {
    this.startedAt = undefined;
  }
}
