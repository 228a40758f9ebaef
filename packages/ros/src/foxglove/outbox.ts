import type { Publication } from '../bridge/publication.js';
import type { TopicInfo, TopicSubscription } from '../bridge/topic.js';
import { messageData } from './protocol.js';

/** The part of a WebSocket that sending needs. */
export interface Sink {
  /** Bytes accepted and not yet handed to the operating system. */
  readonly bufferedAmount: number;
  /** With `more` the next call goes on with the same message. */
  send(data: Uint8Array | string, done: (error?: Error) => void, more?: boolean): void;
}

/** One client's hold on one topic, with the newest message that it has not been sent. */
export interface Feed {
  readonly id: number;
  readonly topic: TopicInfo;
  hold?: TopicSubscription;
  waiting?: Publication;
}

/** More than this waiting in the socket and messages wait here, the newest of each topic. */
const BUSY_BYTES = 512 * 1024;

/**
 * Sends one client's messages as fast as it reads them: the newest of each topic, small topics before pictures, topics of one size in
 * turns. Beyond `limit` bytes in the socket even replies are thrown away (foxglove_bridge's send_buffer_limit).
 */
export class FoxgloveOutbox {
  readonly #feeds = new Map<number, Feed>();
  #pumping = false;

  constructor(private readonly sink: Sink, private readonly limit: number, private readonly onError: (message: string) => void) {}

  add(feed: Feed): void {
    this.#feeds.set(feed.id, feed);
  }

  get(id: number): Feed | undefined {
    return this.#feeds.get(id);
  }

  get feeds(): Iterable<Feed> {
    return this.#feeds.values();
  }

  remove(feed: Feed): void {
    this.#feeds.delete(feed.id);
    feed.hold?.unsubscribe();
  }

  /** Takes a message of the bridge; what waited before is lost and counted. */
  offer(feed: Feed, publication: Publication): void {
    if (feed.waiting !== undefined) feed.hold?.dropped();
    feed.waiting = publication;
    this.pump();
  }

  /** A JSON message or binary reply, at once; false where the client has stopped reading. */
  reply(message: object | Uint8Array): boolean {
    if (this.sink.bufferedAmount > this.limit) return false;
    this.sink.send(message instanceof Uint8Array ? message : JSON.stringify(message), () => {
      this.pump();
    });
    return true;
  }

  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let feed = this.#next(); feed !== undefined; feed = this.#next()) this.#send(feed);
    } finally {
      this.#pumping = false;
    }
  }

  #next(): Feed | undefined {
    if (this.sink.bufferedAmount > Math.min(BUSY_BYTES, this.limit)) return undefined;
    for (const large of [false, true]) {
      for (const feed of this.#feeds.values()) {
        if (feed.waiting === undefined || feed.topic.large !== large) continue;
        // To the end of the line: topics take turns.
        this.#feeds.delete(feed.id);
        this.#feeds.set(feed.id, feed);
        return feed;
      }
    }
    return undefined;
  }

  #send(feed: Feed): void {
    const publication = feed.waiting as Publication;
    delete feed.waiting;
    let pieces: readonly Uint8Array[];
    try {
      pieces = publication.pieces('cdr');
    } catch (error) {
      feed.hold?.dropped();
      this.onError(`${feed.topic.name} could not be encoded: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    // All in one turn of the event loop: nothing can come between them. What is large is not copied.
    const [first, ...others] = pieces;
    const parts = [messageData(feed.id, publication.stamp, first), ...others];
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const last = parts.length - 1;
    parts.forEach((part, index) => {
      this.sink.send(part, index < last ? () => undefined : (error) => {
        if (error == null) feed.hold?.sent(bytes);
        else feed.hold?.dropped();
        this.pump();
      }, index < last);
    });
  }
}
