/** One exchange, milliseconds: our time asked and answered, the other side's heard and answered. */
interface Sample {
  readonly roundTrip: number;
  readonly offset: number;
}

const KEPT = 16;

/**
 * How far another machine's clock is ahead of ours, from request and reply times, after NTP (RFC 5905, 8): of the last 16 exchanges the one
 * with the shortest round trip is believed. Wrong by at most half of that round trip.
 */
export class ClockOffset {
  readonly #samples: Sample[] = [];

  /** Adds an exchange; times in milliseconds, `asked` and `received` on our clock, the others on the other side's. */
  add(asked: number, heard: number, answered: number, received: number): void {
    const roundTrip = received - asked - (answered - heard);
    if (!Number.isFinite(roundTrip) || roundTrip < 0) return;
    this.#samples.push({ roundTrip, offset: (heard - asked + (answered - received)) / 2 });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  get #best(): Sample | undefined {
    return this.#samples.reduce<Sample | undefined>((best, sample) => (best === undefined || sample.roundTrip <= best.roundTrip ? sample : best), undefined);
  }

  /** Other clock minus ours, milliseconds; undefined before the first exchange. */
  get offsetMs(): number | undefined {
    return this.#best?.offset;
  }

  /** Shortest round trip among the last exchanges, milliseconds. */
  get roundTripMs(): number | undefined {
    return this.#best?.roundTrip;
  }
}
