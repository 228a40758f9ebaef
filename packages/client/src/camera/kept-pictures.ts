/** A picture as it was sent. JPEG is a few per cent of the bitmap, so that a slow server's whole backlog can be kept. */
export interface SentPicture {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

interface Kept extends SentPicture {
  readonly untilMs: number;
}

/** Limits of what is kept: results that take longer, milliseconds, come without their picture; bytes for the page's memory. */
const MAX_AGE_MS = 30_000;
const MAX_BYTES = 64 * 2 ** 20;

/** The pictures sent, by number, until their results come; the oldest go first where these do not. */
export class KeptPictures {
  readonly #kept = new Map<number, Kept>();
  #bytes = 0;

  constructor(private readonly maxAgeMs = MAX_AGE_MS, private readonly maxBytes = MAX_BYTES, private readonly nowMs = () => performance.now()) {}

  add(sequence: number, picture: SentPicture): void {
    this.#kept.set(sequence, { ...picture, untilMs: this.nowMs() + this.maxAgeMs });
    this.#bytes += picture.jpeg.length;
    for (const [oldest, { untilMs }] of this.#kept) {
      if (this.#bytes <= this.maxBytes && untilMs >= this.nowMs()) break;
      this.#forget(oldest);
    }
  }

  get(sequence: number): SentPicture | undefined {
    return this.#kept.get(sequence);
  }

  /** Results come in order: pictures before this one are not asked for again. */
  before(sequence: number): void {
    for (const other of this.#kept.keys()) {
      if (other >= sequence) break;
      this.#forget(other);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #forget(sequence: number): void {
    this.#bytes -= this.#kept.get(sequence)?.jpeg.length ?? 0;
    this.#kept.delete(sequence);
  }
}
