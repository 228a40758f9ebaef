import type { Modality } from '@sextant/core';
import type { Publication } from './publication.js';

/** What one topic has seen since the bridge was made. */
export interface TopicStats {
  /** Clients listening now, over all transports. */
  readonly subscribers: number;
  /** Messages offered while somebody listened. */
  readonly published: number;
  /** Messages actually built, and encodings made of them: both stay 0 while nobody listens. */
  readonly built: number;
  readonly encoded: number;
  /** Deliveries completed and their bytes, summed over clients. */
  readonly sent: number;
  readonly bytes: number;
  /** Deliveries given up because a client was too slow. */
  readonly dropped: number;
}

/** One topic as clients may see it. */
export interface TopicInfo {
  /** Absolute name, e.g. `/sextant/depth/image`. */
  readonly name: string;
  /** ROS 2 type, e.g. `sensor_msgs/msg/Image`. */
  readonly type: string;
  readonly latched: boolean;
  /** Carries pictures or clouds; goes out after small messages. */
  readonly large: boolean;
  /** Says in another form what another topic says: not worth recording beside it. */
  readonly derived?: true;
  readonly modality?: Modality;
  /** Says what the prompt names. */
  readonly referred?: true;
}

/** What follows from listening, beside the messages. */
export interface Interest {
  /** What the topic says is computed for it. @default true */
  readonly wants?: boolean;
  /** A topic of clients stays while it listens. @default true */
  readonly keeps?: boolean;
}

/** A listener's hold on a topic. The listener must be quick: it stores the publication or passes it on. */
export interface TopicSubscription {
  readonly topic: TopicInfo;
  /** Counts one completed delivery. */
  sent(bytes: number): void;
  /** Counts deliveries given up. */
  dropped(count?: number): void;
  /** Changes whether what the topic says is computed for this listener. */
  want(wants: boolean): void;
  unsubscribe(): void;
}

type Listener = (publication: Publication) => void;

/** A topic's listeners, counters and latched message. */
export class Topic implements TopicInfo {
  readonly name: string;
  readonly type: string;
  /** A topic of clients becomes it with the first of them that says so. */
  latched: boolean;
  readonly large: boolean;
  readonly derived?: true;
  readonly modality?: Modality;
  readonly referred?: true;
  readonly #listeners = new Map<Listener, Interest>();
  #latchedMessage: Publication | undefined;
  #built = 0;
  #encoded = 0;
  #published = 0;
  #sent = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(info: TopicInfo) {
    this.name = info.name;
    this.type = info.type;
    this.latched = info.latched;
    this.large = info.large;
    if (info.derived === true) this.derived = true;
    if (info.modality !== undefined) this.modality = info.modality;
    if (info.referred === true) this.referred = true;
  }

  /** True while somebody listens for whom it is to be computed. */
  get wanted(): boolean {
    return [...this.#listeners.values()].some(({ wants = true }) => wants);
  }

  /** True while somebody listens for whom it is to stay. */
  get kept(): boolean {
    return [...this.#listeners.values()].some(({ keeps = true }) => keeps);
  }

  /** The message late subscribers get, on latched topics that have spoken. */
  get latchedMessage(): Publication | undefined {
    return this.#latchedMessage;
  }

  built(): void {
    this.#built++;
  }

  encoded(): void {
    this.#encoded++;
  }

  sent(bytes: number): void {
    this.#sent++;
    this.#bytes += bytes;
  }

  dropped(count: number): void {
    this.#dropped += count;
  }

  /** Adds a listener; a latched message is delivered at once. The interest is read whenever it matters: it may change. */
  listen(listener: Listener, interest: Interest = {}): () => void {
    // A wrapper of its own: the same function may listen twice.
    const entry: Listener = (publication) => {
      listener(publication);
    };
    this.#listeners.set(entry, interest);
    if (this.#latchedMessage !== undefined) entry(this.#latchedMessage);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Offers a message to every listener; one that throws loses it (counted) and hinders nobody else. */
  offer(publication: Publication): void {
    if (this.latched) this.#latchedMessage = publication;
    if (this.#listeners.size === 0) return;
    this.#published++;
    for (const listener of [...this.#listeners.keys()]) {
      try {
        listener(publication);
      } catch {
        this.#dropped++;
      }
    }
  }

  stats(): TopicStats {
    return {
      subscribers: this.#listeners.size,
      published: this.#published,
      built: this.#built,
      encoded: this.#encoded,
      sent: this.#sent,
      bytes: this.#bytes,
      dropped: this.#dropped,
    };
  }
}
