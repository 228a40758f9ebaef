import type { Clock } from '../src/stream/clock.js';

/** A clock that only moves when somebody sleeps or `advance` is called. */
export class ManualClock implements Clock {
  private at = 0;
  /** Every sleep asked for, in milliseconds. */
  readonly sleeps: number[] = [];
  now = (): number => this.at;
  epoch = (): number => 1_700_000_000_000 + this.at;
  sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    this.sleeps.push(ms);
    if (!signal.aborted) this.at += ms;
    return new Promise((resolve) => setImmediate(resolve));
  };
  advance(ms: number): void {
    this.at += ms;
  }
}
