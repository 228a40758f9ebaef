/** Width of one bucket: each bound is this much larger than the last, so a quantile is within 1% of the truth. */
const GROWTH = 1.02;
const LOWEST_MS = 0.01;
const HIGHEST_MS = 100_000;
const LOG_GROWTH = Math.log(GROWTH);
const BUCKETS = Math.ceil(Math.log(HIGHEST_MS / LOWEST_MS) / LOG_GROWTH) + 1;

/** What `LatencyHistogram.summary` says; milliseconds, 0 while nothing was recorded. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Streaming quantiles of a latency in constant memory (about 3 KiB): counts in logarithmic buckets from 10 us to
 * 100 s. Quantiles are within 1% of the recorded values in that range; what lies outside counts in the end buckets.
 */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  /** Values recorded since construction or the last `reset`. */
  get count(): number {
    return this.#count;
  }

  /** Adds one latency in milliseconds. NaN is ignored; a negative value (clock skew) counts as 0. */
  record(milliseconds: number): void {
    if (Number.isNaN(milliseconds)) return;
    const value = Math.max(0, milliseconds);
    const bucket = value <= LOWEST_MS ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log(value / LOWEST_MS) / LOG_GROWTH));
    this.#buckets[bucket] += 1;
    this.#count += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** The nearest-rank quantile `q` (0..1) in milliseconds; 0 while nothing was recorded. */
  quantile(q: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.min(this.#count, Math.max(1, Math.ceil(q * this.#count)));
    if (rank === this.#count) return this.#max;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#buckets[bucket];
      if (seen >= rank) {
        const middle = LOWEST_MS * GROWTH ** (bucket + 0.5);
        return Math.min(this.#max, Math.max(this.#min, middle));
      }
    }
    return this.#max;
  }

  /** Count, mean, median, 99th percentile and maximum at once. */
  summary(): LatencySummary {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      max: this.#max,
    };
  }

  /** Forgets everything, e.g. after each stats line. */
  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = 0;
  }
}
