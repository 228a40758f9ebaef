import { SextantError } from '../errors.js';

/** The error for bytes that are not what the protocol says. */
export function malformed(what: string, details: Record<string, unknown> = {}): SextantError {
  return new SextantError('protocol', `mask protocol: ${what}`, { hint: 'The message is damaged, or the other side speaks another version.', details });
}

/** Reads little-endian values from a message; every read checks that the bytes are there. Slices are views of the message. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws SextantError `protocol` where `count` more bytes are not there. */
  need(count: number, what: string): void {
    if (this.left < count) throw malformed(`${what} needs ${count} bytes at ${this.#at}, there are ${this.left}`, { at: this.#at, needed: count, left: this.left });
  }

  u8(what: string): number {
    this.need(1, what);
    return this.#bytes[this.#at++];
  }

  u16(what: string): number {
    this.need(2, what);
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, true);
  }

  i16(what: string): number {
    this.need(2, what);
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2, true);
  }

  u32(what: string): number {
    this.need(4, what);
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  u64(what: string): bigint {
    this.need(8, what);
    this.#at += 8;
    return this.#view.getBigUint64(this.#at - 8, true);
  }

  i64(what: string): bigint {
    return BigInt.asIntN(64, this.u64(what));
  }

  f32(what: string): number {
    this.need(4, what);
    this.#at += 4;
    return this.#view.getFloat32(this.#at - 4, true);
  }

  f64(what: string): number {
    this.need(8, what);
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  /** The next `count` bytes, a view. */
  slice(count: number, what: string): Uint8Array {
    this.need(count, what);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** What is left, a view. */
  rest(): Uint8Array {
    return this.slice(this.left, 'rest');
  }

  /** @throws SextantError `protocol` where bytes are left over. */
  end(what: string): void {
    if (this.left > 0) throw malformed(`${this.left} bytes are left over after ${what}`, { left: this.left });
  }
}
