interface Sent {
  readonly bytes: number;
  readonly sentMs: number;
  /** Bytes delivered when this was sent, and since when that many. */
  readonly delivered: number;
  readonly deliveredMs: number;
}

/** How long measurements of rate and round trip are believed. */
const RATE_MEMORY_MS = 3000;
const ROUND_TRIP_MEMORY_MS = 30_000;
/** Room for the line to turn out faster than it was. */
const GAIN = 1.5;

/**
 * What a client's line carries, from acknowledgements, after BBR (Cardwell et al., 2016): the delivery rate is the largest of the last
 * seconds, the round trip the smallest. As much as rate times round trip may be under way; more would only wait in buffers and grow old.
 */
export class LineMeter {
  readonly #underWay: Sent[] = [];
  readonly #rates: { readonly rate: number; readonly atMs: number }[] = [];
  readonly #trips: { readonly ms: number; readonly atMs: number }[] = [];
  #delivered = 0;
  #deliveredMs: number;
  #acknowledged = 0;
  #bytes = 0;

  constructor(nowMs: number) {
    this.#deliveredMs = nowMs;
  }

  /** Bytes sent and not acknowledged. */
  get underWay(): number {
    return this.#bytes;
  }

  /** Bytes per second that the line was found to carry; 0 before the first acknowledgement. */
  get rate(): number {
    return this.#rates.reduce((most, { rate }) => Math.max(most, rate), 0);
  }

  /** Sends may go on: nothing is under way, or less than the line holds. */
  get open(): boolean {
    if (this.#bytes === 0) return true;
    const trip = this.#trips.reduce((least, { ms }) => Math.min(least, ms), Infinity);
    return Number.isFinite(trip) && this.#bytes < (this.rate * trip * GAIN) / 1000;
  }

  sent(bytes: number, nowMs: number): void {
    if (this.#bytes === 0) this.#deliveredMs = nowMs; // the line was idle: that time says nothing about it
    this.#underWay.push({ bytes, sentMs: nowMs, delivered: this.#delivered, deliveredMs: this.#deliveredMs });
    this.#bytes += bytes;
  }

  /** Messages consumed so far, modulo 2^32; more than were sent is false. */
  acknowledge(count: number, nowMs: number): boolean {
    const newly = (count - this.#acknowledged) >>> 0;
    if (newly > this.#underWay.length) return false;
    for (const { bytes, delivered, deliveredMs } of this.#underWay.splice(0, newly)) {
      this.#acknowledged = (this.#acknowledged + 1) >>> 0;
      this.#delivered += bytes;
      this.#bytes -= bytes;
      this.#deliveredMs = nowMs;
      const seconds = (nowMs - deliveredMs) / 1000;
      if (seconds > 0) this.#rates.push({ rate: (this.#delivered - delivered) / seconds, atMs: nowMs });
    }
    forget(this.#rates, nowMs - RATE_MEMORY_MS);
    return true;
  }

  roundTrip(ms: number, nowMs: number): void {
    this.#trips.push({ ms, atMs: nowMs });
    forget(this.#trips, nowMs - ROUND_TRIP_MEMORY_MS);
  }
}

/** Drops entries before `sinceMs`, but for the newest; and never keeps many. */
function forget(entries: { readonly atMs: number }[], sinceMs: number): void {
  while (entries.length > 1 && (entries[0].atMs < sinceMs || entries.length > 256)) entries.shift();
}
