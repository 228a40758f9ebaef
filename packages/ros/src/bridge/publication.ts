import { encodeJson } from '../encoding/json.js';
import { cborPieces, cborRawPieces, cdrPieces, joinPieces } from '../encoding/pieces.js';
import { encodeTextAsPng } from '../encoding/png.js';

/** How a message goes over a wire. All but `cdr` are whole rosbridge `publish` operations; `json` and `png` are text. */
export type Encoding = 'cdr' | 'json' | 'cbor' | 'cbor-raw' | 'png';

/** Encodings that are bytes. */
export type BinaryEncoding = 'cdr' | 'cbor' | 'cbor-raw';

/** What an encoding gives. */
export type Encoded = Uint8Array | string;

/** Told about each message built and each encoding made, for the bridge's counters. */
export interface PublicationObserver {
  built(): void;
  encoded(bytes: number): void;
}

/**
 * One message of one topic, offered to all its subscribers. Nothing is built before somebody asks; what was built is kept
 * and shared, so a message is built once and encoded once per encoding however many clients there are.
 */
export class Publication {
  readonly topic: string;
  readonly type: string;
  /** Capture time, nanoseconds; the time of receipt for messages of clients. */
  readonly stamp: bigint;
  /** Wall-clock time of publishing, milliseconds since the epoch. */
  readonly receivedMs: number;
  #build: (() => object) | undefined;
  #message: object | undefined;
  readonly #observer: PublicationObserver;
  readonly #encodings = new Map<Encoding, Encoded | Promise<Encoded>>();
  readonly #pieces = new Map<BinaryEncoding, readonly Uint8Array[]>();

  constructor(init: { topic: string; type: string; stamp: bigint; receivedMs: number; build: () => object; observer: PublicationObserver }) {
    this.topic = init.topic;
    this.type = init.type;
    this.stamp = init.stamp;
    this.receivedMs = init.receivedMs;
    this.#build = init.build;
    this.#observer = init.observer;
  }

  /** The message as a plain object; built on first use. Shared: do not write. */
  get message(): object {
    if (this.#message === undefined) {
      this.#message = (this.#build as () => object)();
      this.#build = undefined; // lets go of the perception
      this.#observer.built();
    }
    return this.#message;
  }

  /** The CDR bytes with their encapsulation header. Shared: do not write. */
  cdr(): Uint8Array {
    return this.encode('cdr') as Uint8Array;
  }

  /** The bytes or text of one encoding, made on first use; only `png` is a promise. Shared: do not write. */
  encode(encoding: Encoding): Encoded | Promise<Encoded> {
    const known = this.#encodings.get(encoding);
    if (known !== undefined) return known;
    const encoded = this.#make(encoding);
    this.#encodings.set(encoding, encoded);
    if (encoded instanceof Promise) {
      void encoded.then(
        (text) => {
          this.#encodings.set(encoding, text);
          this.#observer.encoded(text.length);
        },
        () => undefined, // whoever asked sees the rejection
      );
    } else if (typeof encoded === 'string') this.#observer.encoded(encoded.length);
    return encoded;
  }

  /**
   * A binary encoding in pieces that make it up in order, made on first use: pixels and points are the message's own bytes, not a copy,
   * so that nothing large is allocated for a client. Shared: do not write.
   */
  pieces(encoding: BinaryEncoding): readonly Uint8Array[] {
    let pieces = this.#pieces.get(encoding);
    if (pieces === undefined) {
      this.#pieces.set(encoding, (pieces = this.#cut(encoding)));
      this.#observer.encoded(pieces.reduce((sum, { length }) => sum + length, 0));
    }
    return pieces;
  }

  #cut(encoding: BinaryEncoding): readonly Uint8Array[] {
    switch (encoding) {
      case 'cdr':
        return cdrPieces(this.type, this.message);
      case 'cbor':
        return cborPieces(this.topic, this.type, this.message);
      case 'cbor-raw': {
        const secs = Math.floor(this.receivedMs / 1000);
        const nsecs = Math.floor((this.receivedMs - secs * 1000) * 1e6);
        return cborRawPieces(this.topic, { secs, nsecs }, this.pieces('cdr'));
      }
    }
  }

  #make(encoding: Encoding): Encoded | Promise<Encoded> {
    switch (encoding) {
      case 'json':
        return encodeJson({ op: 'publish', topic: this.topic, msg: this.message });
      case 'png': {
        const text = this.encode('json') as string;
        return encodeTextAsPng(text).then((data) => JSON.stringify({ op: 'png', data }));
      }
      default:
        return joinPieces(this.pieces(encoding));
    }
  }
}
