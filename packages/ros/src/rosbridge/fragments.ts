import { ProtocolError } from './protocol.js';

/** Messages a client may have under way in pieces at once, and characters of them in all. */
const MOST_MESSAGES = 8;
const MOST_CHARACTERS = 16 * 1024 * 1024;
/** A message whose next piece does not come for so long is given up. */
const PATIENCE_MS = 10_000;

interface Pieces {
  readonly parts: (string | undefined)[];
  missing: number;
  characters: number;
  lastMs: number;
}

/** A `fragment` operation of rosbridge protocol 3.2. */
export interface Fragment {
  readonly id: string | number;
  readonly data: string;
  readonly num: number;
  readonly total: number;
}

/** Puts a client's fragmented messages together; bounded in number, size and time. */
export class FragmentBuffer {
  readonly #messages = new Map<string, Pieces>();
  #characters = 0;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  /**
   * Takes a piece; the whole text when it was the last one missing.
   * @throws ProtocolError for pieces that contradict each other or are too many.
   */
  add({ id, data, num, total }: Fragment): string | undefined {
    this.#giveUp();
    const key = String(id);
    let message = this.#messages.get(key);
    if (message === undefined) {
      if (this.#messages.size >= MOST_MESSAGES) throw new ProtocolError(`more than ${MOST_MESSAGES} fragmented messages are under way`, id);
      message = { parts: new Array<string | undefined>(total).fill(undefined), missing: total, characters: 0, lastMs: this.now() };
      this.#messages.set(key, message);
    }
    if (total !== message.parts.length || num >= total) {
      this.#forget(key);
      throw new ProtocolError(`fragment ${num} of ${total} does not belong to a message of ${message.parts.length} fragments`, id);
    }
    if (message.parts[num] !== undefined) return undefined; // sent twice
    if (this.#characters + data.length > MOST_CHARACTERS) {
      this.#forget(key);
      throw new ProtocolError(`fragments of more than ${MOST_CHARACTERS} characters are under way`, id);
    }
    message.parts[num] = data;
    message.missing -= 1;
    message.characters += data.length;
    message.lastMs = this.now();
    this.#characters += data.length;
    if (message.missing > 0) return undefined;
    this.#forget(key);
    return message.parts.join('');
  }

  #forget(key: string): void {
    this.#characters -= this.#messages.get(key)?.characters ?? 0;
    this.#messages.delete(key);
  }

  #giveUp(): void {
    const since = this.now() - PATIENCE_MS;
    for (const [key, { lastMs }] of this.#messages) if (lastMs < since) this.#forget(key);
  }
}
