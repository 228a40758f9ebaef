import type { ConnectOptions } from './requests.js';

/** Growing pauses with jitter, so that a restarted server is not met by all its clients at once. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #attempts: number;
  attempt = 0;

  constructor(options: Exclude<NonNullable<ConnectOptions['reconnect']>, false> | false) {
    const { minMs = 250, maxMs = 10_000, attempts = Infinity } = options === false ? {} : options;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#attempts = attempts;
  }

  /** The next pause in milliseconds, half of it by chance; undefined when the attempts are used up. */
  next(): number | undefined {
    if (this.attempt >= this.#attempts) return undefined;
    const full = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(30, this.attempt));
    this.attempt += 1;
    return full * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.attempt = 0;
  }
}
