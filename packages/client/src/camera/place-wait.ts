import { Backoff } from '../backoff.js';

/** A server sees after some 40 s that nobody is there any more, and gives the places of a lost connection's cameras back then, milliseconds. */
const HELD_MS = 60_000;
/** Few enough that refusals do not end the connection. */
const PAUSES = { minMs: 250, maxMs: 5000 };

/** Waits for a place for a camera that the server had before the connection was lost: until then its own old place may be what is missing. */
export class PlaceWait {
  readonly #backoff = new Backoff(PAUSES);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #had = false;
  #has = false;
  #until = 0;

  /** @param ask asks the server for a place once more */
  constructor(private readonly ask: () => void) {}

  /** Whether the server has refused it on this connection and it is asked for again. */
  get waiting(): boolean {
    return this.#backoff.attempt > 0;
  }

  /** The connection is a new one, on which it has no place yet. */
  connected(): void {
    this.stop();
    this.#has = false;
    this.#backoff.reset();
    this.#until = performance.now() + HELD_MS;
  }

  /** It has a place. */
  taken(): void {
    this.#had = this.#has = true;
    this.#backoff.reset();
  }

  /** The server has no place: asks again after a pause. False where that is of no use: it never had one, or nobody who is gone can hold it any more. */
  refused(): boolean {
    if (!this.#had || this.#has || performance.now() > this.#until) return false;
    this.stop();
    this.#timer = setTimeout(this.ask, this.#backoff.next());
    return true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
