/**
 * Events per second over a sliding window, in bounded memory: the times of the last `capacity` events are kept,
 * so a rate above `capacity / windowMs` is measured over fewer milliseconds, and stays right.
 */
export class RateMeter {
  readonly #times: Float64Array;
  readonly #windowMs: number;
  #next = 0;
  #held = 0;
  #count = 0;

  /**
   * @param options.windowMs how far back events count, milliseconds; default 2000
   * @param options.capacity events remembered; default 512
   */
  constructor(options: { windowMs?: number; capacity?: number } = {}) {
    this.#windowMs = options.windowMs ?? 2000;
    this.#times = new Float64Array(options.capacity ?? 512);
  }

  /** Events marked since construction. */
  get count(): number {
    return this.#count;
  }

  /** Notes one event at `nowMs`, milliseconds of any clock that does not run backwards. */
  mark(nowMs: number): void {
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#times.length;
    this.#held = Math.min(this.#held + 1, this.#times.length);
    this.#count += 1;
  }

  /**
   * Events per second at `nowMs`. Measured over the intervals between the events in the window; while the newest
   * event is older than the mean interval the silence counts as well, so a stalled stream sinks towards 0.
   * 0 with fewer than two events in the window.
   */
  rate(nowMs: number): number {
    const size = this.#times.length;
    const newest = this.#times[(this.#next - 1 + size) % size];
    let oldest = newest;
    let events = 0;
    for (let back = 1; back <= this.#held; back += 1) {
      const time = this.#times[(this.#next - back + size) % size];
      if (nowMs - time > this.#windowMs) break;
      oldest = time;
      events += 1;
    }
    if (events < 2 || newest <= oldest) return 0;
    const interval = (newest - oldest) / (events - 1);
    const silence = nowMs - newest;
    return silence > interval ? ((events - 1) * 1000) / (nowMs - oldest) : 1000 / interval;
  }
}
