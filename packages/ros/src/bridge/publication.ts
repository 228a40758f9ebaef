import { encodeCbor } from '../encoding/cbor.js';
import { encodeCdr } from '../encoding/cdr.js';
import { encodeJson } from '../encoding/json.js';
import { encodeTextAsPng } from '../encoding/png.js';

/** How a message goes over a wire. All but `cdr` are whole rosbridge `publish` operations; `json` and `png` are text. */
export type Encoding = 'cdr' | 'json' | 'cbor' | 'cbor-raw' | 'png';

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
    } else this.#observer.encoded(encoded.length);
    return encoded;
  }

  #make(encoding: Encoding): Encoded | Promise<Encoded> {
    switch (encoding) {
      case 'cdr':
        return encodeCdr(this.type, this.message);
      case 'json':
        return encodeJson({ op: 'publish', topic: this.topic, msg: this.message });
      case 'cbor':
        return encodeCbor({ op: 'publish', topic: this.topic, msg: this.message });
      case 'cbor-raw': {
        const secs = Math.floor(this.receivedMs / 1000);
        const nsecs = Math.floor((this.receivedMs - secs * 1000) * 1e6);
        return encodeCbor({ op: 'publish', topic: this.topic, msg: { secs, nsecs, bytes: this.cdr() } });
      }
      case 'png': {
        const text = this.encode('json') as string;
        return encodeTextAsPng(text).then((data) => JSON.stringify({ op: 'png', data }));
      }
    }
  }
}
