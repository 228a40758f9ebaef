import type { Encoded, Encoding, Publication } from '../bridge/publication.js';
import { encodeJson } from '../encoding/json.js';
import type { ClientSubscription } from './client-subscription.js';

/** The part of a WebSocket that sending needs. */
export interface Sink {
  /** Bytes accepted and not yet handed to the operating system. */
  readonly bufferedAmount: number;
  /** Calls `done` when the operating system took the data, or with the error. With `more` the next call goes on with the same message. */
  send(data: Encoded, done: (error?: Error) => void, more?: boolean): void;
}

/** More than this waiting in the socket and nothing more is handed to it. */
export const BUSY_BYTES = 512 * 1024;
/** Replies to a client that does not read them are thrown away beyond this. */
const REPLY_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Sends one client's messages as fast as it reads them and no faster. Nothing waits here but the newest message (or the
 * asked-for queue) of each topic, unencoded where no other client needed it, so memory is bounded by BUSY_BYTES and one
 * message; small topics go before large ones, and topics of one size take turns.
 */
export class Outbox {
  readonly #sink: Sink;
  readonly #onError: (message: string) => void;
  readonly #subscriptions = new Set<ClientSubscription>();
  readonly #encoding = new Set<ClientSubscription>();
  #pumping = false;
  #fragmentId = 0;

  constructor(sink: Sink, onError: (message: string) => void) {
    this.#sink = sink;
    this.#onError = onError;
  }

  /** True while the client is behind. */
  get congested(): boolean {
    return this.#sink.bufferedAmount > BUSY_BYTES;
  }

  add(subscription: ClientSubscription): void {
    this.#subscriptions.add(subscription);
  }

  remove(subscription: ClientSubscription): void {
    this.#subscriptions.delete(subscription);
  }

  /** Sends a status or a service response at once; false when the client has stopped reading and it was thrown away. */
  reply(message: object): boolean {
    if (this.#sink.bufferedAmount > REPLY_LIMIT_BYTES) return false;
    this.#sink.send(encodeJson(message), () => {
      this.pump();
    });
    return true;
  }

  /** Sends what is ready while the socket takes it. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.congested) {
        const subscription = this.#next();
        const publication = subscription?.take();
        if (subscription === undefined || publication === undefined) break;
        this.#deliver(subscription, publication);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #next(): ClientSubscription | undefined {
    for (const large of [false, true]) {
      for (const subscription of this.#subscriptions) {
        if (subscription.topic.large !== large || this.#encoding.has(subscription) || !subscription.ready) continue;
        // To the end of the line: topics take turns.
        this.#subscriptions.delete(subscription);
        this.#subscriptions.add(subscription);
        return subscription;
      }
    }
    return undefined;
  }

  #deliver(subscription: ClientSubscription, publication: Publication): void {
    const { compression } = subscription.options;
    try {
      if (compression === 'cbor' || compression === 'cbor-raw') {
        this.#sendPieces(subscription, publication.pieces(compression));
        return;
      }
      const encoding: Encoding = compression === 'none' ? 'json' : compression;
      const encoded = publication.encode(encoding);
      if (!(encoded instanceof Promise)) {
        this.#send(subscription, encoded);
        return;
      }
      this.#encoding.add(subscription);
      encoded
        .then(
          (data) => {
            if (this.#subscriptions.has(subscription)) this.#send(subscription, data);
          },
          (error: unknown) => {
            this.#failed(subscription, error);
          },
        )
        .finally(() => {
          this.#encoding.delete(subscription);
          this.pump();
        });
    } catch (error) {
      this.#failed(subscription, error);
    }
  }

  #failed(subscription: ClientSubscription, error: unknown): void {
    subscription.dropped();
    this.#onError(`${subscription.topic.name} could not be encoded: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** All in one turn of the event loop: nothing can come between them. */
  #sendPieces(subscription: ClientSubscription, pieces: readonly Uint8Array[]): void {
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const last = pieces.length - 1;
    pieces.forEach((piece, index) => {
      this.#sink.send(piece, index < last ? () => undefined : (error) => {
        if (error == null) subscription.sent(bytes);
        else subscription.dropped();
        this.pump();
      }, index < last);
    });
  }

  #send(subscription: ClientSubscription, data: Encoded): void {
    const parts = this.#fragments(data, subscription.options.fragmentSize);
    parts.forEach((part, index) => {
      this.#sink.send(part, (error) => {
        if (index === parts.length - 1) {
          if (error === undefined || error === null) subscription.sent(data.length);
          else subscription.dropped();
        }
        this.pump();
      });
    });
  }

  #fragments(data: Encoded, size: number | undefined): Encoded[] {
    if (size === undefined || typeof data !== 'string' || data.length <= size) return [data];
    const id = `fragment:${++this.#fragmentId}`;
    const total = Math.ceil(data.length / size);
    return Array.from({ length: total }, (_, num) => JSON.stringify({ op: 'fragment', id, data: data.slice(num * size, (num + 1) * size), num, total }));
  }
}
