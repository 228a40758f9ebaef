import { SextantError } from '@sextant/core';
import { BehaviorSubject, map } from 'rxjs';
import type { Observable } from 'rxjs';
import { isKnownType, normaliseType } from '../messages/definitions.js';
import { Topic, type TopicInfo } from './topic.js';

/** An absolute ROS name. */
export const ROS_NAME = /^(\/[A-Za-z_][A-Za-z0-9_]*)+$/;
/** What is below it comes and goes with people, and is nobody's but the bridge's. */
export const BODIES = '/humans/bodies/';
/** Topics that clients may add; a client must not be able to fill the memory with names. */
const MAX_CLIENT_TOPICS = 1000;

/** The topics of a bridge by their absolute names: its own, which stay, those of bodies, and those that clients made. */
export class TopicTable {
  /** Every topic, now and whenever one comes or goes. */
  readonly topics$: Observable<readonly TopicInfo[]>;
  readonly #topics = new Map<string, Topic>();
  readonly #own = new Set<string>();
  /** Those of bodies that went while somebody listened: they are in no list, and are found by who listens when the body comes back. */
  readonly #gone = new Set<string>();
  /** Clients that advertise a topic, by its name; none is 0. */
  readonly #advertisers = new Map<string, number>();
  readonly #changed = new BehaviorSubject<undefined>(undefined);

  constructor() {
    this.topics$ = this.#changed.pipe(map(() => this.all));
  }

  /** Every topic now, in the order they came. */
  get all(): readonly Topic[] {
    return [...this.#topics.values()].filter(({ name }) => !this.#gone.has(name));
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** @throws SextantError `bad-argument` for a topic that is not there. */
  need(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined)
      throw new SextantError('bad-argument', `unknown topic ${JSON.stringify(name)}`, { hint: `Topics: ${[...this.#topics.keys()].join(', ')}.` });
    return topic;
  }

  /** Adds a topic that the bridge itself publishes; one of that name and type that somebody waits for already is taken instead. */
  addOwn(topic: Topic): Topic {
    const { name, type } = topic;
    this.#own.add(name);
    const waiting = this.#topics.get(name);
    const own = waiting?.type === type ? waiting : topic;
    this.#gone.delete(name);
    this.#add(own);
    return own;
  }

  /** The bridge publishes a topic no longer; it is in no list any more, and stays for who listens to it. */
  disown({ name }: Topic): void {
    this.#own.delete(name);
    this.#gone.add(name);
    this.forget(name);
    this.#changed.next(undefined);
  }

  /** Lets go of a disowned topic when nobody listens to it. */
  forget(name: string): void {
    if (!this.#gone.has(name) || this.#topics.get(name)?.kept === true) return;
    this.#gone.delete(name);
    this.#topics.delete(name);
  }

  #add(topic: Topic): void {
    this.#topics.set(topic.name, topic);
    this.#changed.next(undefined);
  }

  /** True for the topics the bridge itself publishes. */
  isOwn(name: string): boolean {
    return name.startsWith(BODIES) || this.#own.has(name);
  }

  /**
   * Makes sure a client's topic exists, and is latched if asked for; one that is there already must be asked for by its own type.
   * @throws SextantError `protocol` for a bad name, an unknown type, or a topic that has another type; `too-large` for one too many.
   */
  ensure(name: string, type: string, latched: boolean): Topic {
    const wanted = normaliseType(type);
    const known = this.#topics.get(name);
    if (known !== undefined) {
      if (known.type === wanted) {
        if (latched && !this.isOwn(name)) known.latched = true; // who waited for it could not say so
        return known;
      }
      throw new SextantError('protocol', `topic ${name} has type ${known.type}, not ${wanted}`, { hint: `Use type ${known.type}.` });
    }
    if (!ROS_NAME.test(name))
      throw new SextantError('protocol', `${JSON.stringify(name)} is not a topic name`, { hint: 'Use an absolute ROS name such as /robot/pose.' });
    if (!isKnownType(wanted))
      throw new SextantError('protocol', `message type ${JSON.stringify(type)} is not known to this build`, {
        hint: 'Types of common_interfaces and vision_msgs are known.',
      });
    if (this.#topics.size >= MAX_CLIENT_TOPICS)
      throw new SextantError('too-large', `there are ${this.#topics.size} topics already`, { hint: 'Unadvertise topics that are no longer used.' });
    const topic = new Topic({ name, type: wanted, latched, large: false });
    this.#add(topic);
    return topic;
  }

  /** One more client publishes a topic: it stays until `unadvertise` was called as often. @throws SextantError as `ensure`. */
  advertise(name: string, type: string, latched: boolean): Topic {
    const topic = this.ensure(name, type, latched);
    this.#advertisers.set(name, (this.#advertisers.get(name) ?? 0) + 1);
    return topic;
  }

  /** One client less publishes it. */
  unadvertise(name: string): void {
    const left = (this.#advertisers.get(name) ?? 0) - 1;
    if (left > 0) this.#advertisers.set(name, left);
    else this.#advertisers.delete(name);
    this.release(name);
  }

  /** Forgets a client's topic when nobody keeps it by listening or advertises it; the bridge's own topics stay. */
  release(name: string): void {
    const topic = this.#topics.get(name);
    if (topic === undefined || topic.kept || this.#advertisers.has(name) || this.#own.has(name)) return;
    this.#gone.delete(name);
    this.#topics.delete(name);
    this.#changed.next(undefined);
  }

  /** Ends `topics$`; the topics are still there to be read. */
  close(): void {
    this.#changed.complete();
  }
}
