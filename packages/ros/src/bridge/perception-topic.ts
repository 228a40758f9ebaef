import type { Perception } from '@sextant/core';
import { SextantError } from '@sextant/core';
import type { ConvertOptions, TopicSpec } from '../topics/registry.js';
import type { Publication } from './publication.js';
import type { Topic } from './topic.js';

/** What the bridge does for a topic: wraps a message, and counts what was lost on the way to one. */
export interface PublicationMaker {
  publication(topic: Topic, stamp: bigint, build: () => object): Publication;
  lost(topic: Topic): void;
}

/** One topic made from perceptions: says nothing to nobody, keeps to its rate, speaks once per content where it is latched. */
export class PerceptionTopic {
  #contentKey: { readonly key: unknown } | undefined;
  #due: bigint | undefined;
  #busy = false;
  #waiting: { readonly perception: Perception; readonly options: ConvertOptions } | undefined;

  constructor(readonly spec: TopicSpec, readonly topic: Topic, private readonly maker: PublicationMaker) {}

  /** Offers a perception to the topic's listeners; true when a latched topic has spoken. */
  offer(perception: Perception, options: ConvertOptions): boolean {
    const { spec, topic } = this;
    if (!(topic.wanted || topic.latched) || !spec.available(perception, options) || !this.#inTime(perception, options)) return false;
    if (spec.latched !== undefined) {
      const key = spec.latched.contentKey(perception, options);
      if (this.#contentKey !== undefined && this.#contentKey.key === key) return false;
      this.#contentKey = { key };
    }
    if (spec.later === true) this.#convertLater(perception, options);
    else topic.offer(this.maker.publication(topic, perception.frame.stamp, () => this.#message(spec.convert(perception, options))));
    return spec.latched !== undefined;
  }

  /** Thins by stamps; a clock that jumped begins anew. */
  #inTime({ frame: { stamp } }: Perception, options: ConvertOptions): boolean {
    const hz = this.spec.rate?.(options) ?? 0;
    if (hz === 0) return true;
    const period = BigInt(Math.round(1e9 / hz));
    const due = this.#due;
    if (due !== undefined && stamp < due - period / 100n && due - stamp <= 2n * period) return false;
    this.#due = due === undefined || stamp - due > period || due - stamp > 2n * period ? stamp + period : due + period;
    return true;
  }

  /** One conversion at a time; of the perceptions that come meanwhile the newest is next. */
  #convertLater(perception: Perception, options: ConvertOptions): void {
    if (this.#busy) {
      if (this.#waiting !== undefined) this.maker.lost(this.topic);
      this.#waiting = { perception, options };
      return;
    }
    this.#busy = true;
    void (async () => this.#message(await this.spec.convert(perception, options)))()
      .then(
        (message) => {
          this.topic.offer(this.maker.publication(this.topic, perception.frame.stamp, () => message));
        },
        () => {
          this.maker.lost(this.topic);
        },
      )
      .finally(() => {
        this.#busy = false;
        const next = this.#waiting;
        this.#waiting = undefined;
        if (next !== undefined && this.topic.wanted) this.#convertLater(next.perception, next.options);
      });
  }

  #message(message: object | undefined): object {
    if (message === undefined) throw new SextantError('internal', `${this.spec.name}: available said yes and convert no`, { hint: 'Please report this.' });
    return message;
  }
}
