import type { Publication } from '../bridge/publication.js';
import type { TopicInfo, TopicSubscription } from '../bridge/topic.js';
import type { Compression } from './protocol.js';
import type { SchedulerLike, Subscription } from 'rxjs';

/** What one `subscribe` asked for. */
export interface SubscribeOptions {
  /** Least milliseconds between messages. */
  readonly throttleRate: number;
  /** Messages kept while they may not go out yet; 0 keeps the newest only while the socket is busy. */
  readonly queueLength: number;
  readonly compression: Compression;
  /** Longest text sent at once, in characters. */
  readonly fragmentSize: number | undefined;
}

/** A client subscribing under ever new ids must not fill the memory. */
export const MAX_IDS_PER_TOPIC = 256;

/**
 * One client's interest in one topic, all its subscription ids merged as rosbridge merges them: the smallest throttle and
 * queue, the strongest compression. Holds the messages that wait for the throttle or the socket.
 */
export class ClientSubscription {
  readonly topic: TopicInfo;
  readonly #ids = new Map<string, SubscribeOptions>();
  readonly #scheduler: SchedulerLike;
  readonly #wake: () => void;
  readonly #isCongested: () => boolean;
  readonly #waiting: Publication[] = [];
  #merged: SubscribeOptions = { throttleRate: 0, queueLength: 0, compression: 'none', fragmentSize: undefined };
  /** When a message last went out. */
  #lastMs = -Infinity;
  #timer: Subscription | undefined;
  #hold: TopicSubscription | undefined;
  #early = 0;

  /** @param wake is called when a message may have become ready; `isCongested` says whether the socket is behind. */
  constructor(topic: TopicInfo, scheduler: SchedulerLike, wake: () => void, isCongested: () => boolean) {
    this.topic = topic;
    this.#scheduler = scheduler;
    this.#wake = wake;
    this.#isCongested = isCongested;
  }

  get options(): SubscribeOptions {
    return this.#merged;
  }

  get idCount(): number {
    return this.#ids.size;
  }

  /** Given once, after the bridge took the subscription (a latched message may have come before). */
  hold(subscription: TopicSubscription): void {
    this.#hold = subscription;
    if (this.#early > 0) subscription.dropped(this.#early);
  }

  /** @param latched what the topic said before this id came: it goes out whatever the throttle, and once where it waits already. */
  add(id: string, options: SubscribeOptions, latched?: Publication): void {
    this.#ids.set(id, options);
    if (latched !== undefined) {
      this.#lastMs = -Infinity;
      if (!this.#waiting.includes(latched)) this.#waiting.push(latched);
    }
    this.#merge();
  }

  /** Removes one id, or all without one; true while any is left. */
  remove(id: string | undefined): boolean {
    if (id === undefined) this.#ids.clear();
    else this.#ids.delete(id);
    if (this.#ids.size > 0) this.#merge();
    return this.#ids.size > 0;
  }

  /** Takes a message from the bridge. */
  offer(publication: Publication): void {
    const { throttleRate, queueLength } = this.#merged;
    const now = this.#scheduler.now();
    if (queueLength === 0) {
      if (now < this.#lastMs + throttleRate) return; // throttled at the client's wish: not a drop
      this.#lastMs = now;
      this.#waiting.push(publication);
      this.#cut(1);
    } else {
      this.#waiting.push(publication);
      this.#cut(queueLength);
    }
    this.#arm();
    this.#wake();
  }

  /** True when a message may go out now. */
  get ready(): boolean {
    return this.#waiting.length > 0 && (this.#merged.queueLength === 0 || this.#scheduler.now() >= this.#dueMs);
  }

  /** The oldest message that may go out now. */
  take(): Publication | undefined {
    if (!this.ready) return undefined;
    const publication = this.#waiting.shift();
    if (this.#merged.queueLength > 0) this.#lastMs = this.#scheduler.now();
    this.#arm();
    return publication;
  }

  sent(bytes: number): void {
    this.#hold?.sent(bytes);
  }

  dropped(count = 1): void {
    if (this.#hold === undefined) this.#early += count;
    else this.#hold.dropped(count);
  }

  close(): void {
    this.#timer?.unsubscribe();
    this.#hold?.unsubscribe();
    this.#waiting.length = 0;
  }

  /** When the next message may go out, by the throttle as it is now. */
  get #dueMs(): number {
    return this.#lastMs + this.#merged.throttleRate;
  }

  #cut(length: number): void {
    while (this.#waiting.length > length) {
      this.#waiting.shift();
      // Behind the throttle alone the client gets what it asked for; behind a full socket it loses something.
      if (this.#merged.queueLength === 0 || this.#isCongested()) this.dropped();
    }
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#merged.queueLength === 0 || this.#waiting.length === 0) return;
    const delay = this.#dueMs - this.#scheduler.now();
    if (delay <= 0) return;
    this.#timer = this.#scheduler.schedule(() => {
      this.#timer = undefined;
      this.#wake();
    }, delay);
  }

  /** What waits for the throttle that was goes by the one that is. */
  #merge(): void {
    const all = [...this.#ids.values()];
    const sizes = all.map((o) => o.fragmentSize).filter((size) => size !== undefined);
    const strongest = (['cbor-raw', 'cbor', 'png'] as const).find((c) => all.some((o) => o.compression === c));
    this.#merged = {
      throttleRate: Math.min(...all.map((o) => o.throttleRate)),
      queueLength: Math.min(...all.map((o) => o.queueLength)),
      compression: strongest ?? 'none',
      fragmentSize: sizes.length > 0 ? Math.min(...sizes) : undefined,
    };
    this.#waiting.splice(0, this.#waiting.length - Math.max(1, this.#merged.queueLength)); // at the client's wish: no drops
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#arm();
    if (this.ready) this.#wake();
  }
}
