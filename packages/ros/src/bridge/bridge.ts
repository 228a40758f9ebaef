import { SextantError, dropCounter } from '@sextant/core';
import type { DropCounter, Modality, Perception } from '@sextant/core';
import { BehaviorSubject, Observable, Subject, asyncScheduler, distinctUntilChanged, interval } from 'rxjs';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { DiagnosticArray } from '../messages/types.js';
import { BRIDGE_PARAMETERS } from '../parameters/bridge-parameters.js';
import { withChecks, type ParameterCheck } from '../parameters/parameter.js';
import { ParameterStore } from '../parameters/store.js';
import { limitDepth } from '../topics/limit-depth.js';
import { CLOCK_TOPIC, PERCEPTION_TOPICS } from '../topics/registry.js';
import { selfParent } from '../topics/tf-static.js';
import { BodyTopics } from './body-topics.js';
import { convertOptions } from './convert-options.js';
import { StreamMeter, diagnosticArray, type BridgeHealth } from './diagnostics.js';
import { LogBook, logMessage, type LogEntry, type LogLevel } from './log.js';
import { PerceptionTopic, type PublicationMaker } from './perception-topic.js';
import { Publication } from './publication.js';
import { StabilityMeter } from './stability.js';
import { Topic, type Interest, type TopicInfo, type TopicStats, type TopicSubscription } from './topic.js';
import { ROS_NAME, TopicTable } from './topic-table.js';
import type { Transport } from './transport.js';
import { Transports } from './transports.js';

/** Options of {@link createBridge}. */
export interface BridgeOptions {
  /** Prefix of all topics but `/diagnostics`. @default '/sextant' */
  readonly namespace?: string;
  /** Initial values of {@link BRIDGE_PARAMETERS} by name, e.g. `{'depth.encoding': '16UC1'}`; transports may change them later. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What the bridge itself cannot check of parameters' values, by their names: the whole of `scale`, e.g. */
  readonly checks?: Readonly<Record<string, ParameterCheck>>;
  /** The pipeline's drop counter, published in /diagnostics; transports add their drops to it under their names. */
  readonly drops?: DropCounter;
  /** More key-value pairs for /diagnostics, asked for once a second. */
  readonly diagnostics?: () => Readonly<Record<string, string>>;
  /** Publish the frames' stamps on `/clock` and with `/diagnostics` and `/rosout`, for nodes that run on a replay's time (`use_sim_time`). @default false */
  readonly clock?: boolean;
  /** Clock and timers; tests pass virtual time. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
}

const DIAGNOSTICS = '/diagnostics';
/** Foxglove's rosbridge connection also tells ROS 2 from ROS 1 by this topic's type. */
export const ROSOUT = '/rosout';
const DIAGNOSTICS_PERIOD_MS = 1000;

/**
 * The topic registry: perceptions go in, messages go out to whoever listens. A message is built and encoded only for topics
 * with subscribers, once per encoding, and shared between clients.
 */
export class RosBridge {
  /** Modalities somebody listens to now, distinct until changed: what the model should compute. */
  readonly wanted$: Observable<ReadonlySet<Modality>>;
  /** Whether somebody listens to what the prompt names, distinct until changed. */
  readonly referredWanted$: Observable<boolean>;
  /** Every topic, now and whenever one comes or goes. */
  readonly topics$: Observable<readonly TopicInfo[]>;
  /** Every perception as it is published; for meters. */
  readonly perceptions$: Observable<Perception>;
  /** Drops at every place, transports included. */
  readonly drops: DropCounter;
  readonly scheduler: SchedulerLike;

  /** What clients may read and set while the bridge runs. */
  readonly parameters: ParameterStore;

  readonly #namespace: string;
  readonly #extra: () => Readonly<Record<string, string>>;
  readonly #table = new TopicTable();
  /** What was logged, and what is. */
  readonly log$: Observable<LogEntry>;
  readonly #log: LogBook;
  readonly #own: readonly PerceptionTopic[];
  readonly #diagnostics: Topic;
  readonly #rosout: Topic;
  readonly #bodies: BodyTopics;
  readonly #stability = new StabilityMeter();
  readonly #wanted = new BehaviorSubject<ReadonlySet<Modality>>(new Set());
  readonly #referredWanted = new BehaviorSubject(false);
  readonly #perceptions = new Subject<Perception>();
  readonly #meter = new StreamMeter();
  readonly #transports = new Transports();
  #diagnosticsTimer: Subscription | undefined;
  readonly #clock: boolean;
  /** Of the last frame, nanoseconds. */
  #lastStamp: bigint | undefined;
  #toldSelf: string | undefined;
  #closed = false;

  constructor(options: BridgeOptions = {}) {
    const { namespace = '/sextant', diagnostics = () => ({}) } = options;
    if (!ROS_NAME.test(namespace))
      throw new SextantError('bad-argument', `bridge: namespace is ${JSON.stringify(namespace)}`, { hint: 'Give an absolute ROS name such as /sextant.', details: { namespace } });
    this.#namespace = namespace;
    this.#extra = diagnostics;
    this.parameters = new ParameterStore(withChecks(BRIDGE_PARAMETERS, options.checks ?? {}), options.parameters);
    this.drops = options.drops ?? dropCounter();
    this.scheduler = options.scheduler ?? asyncScheduler;
    const maker: PublicationMaker = {
      publication: (topic, stamp, build) => this.#publication(topic, stamp, this.scheduler.now(), build),
      lost: (topic) => {
        topic.dropped(1);
        this.drops.add('compression');
      },
    };
    this.#clock = options.clock === true;
    // The time before what is stamped with it.
    this.#own = [...(this.#clock ? [CLOCK_TOPIC] : []), ...PERCEPTION_TOPICS].map((spec) => {
      const { type, large, modality, derived, referred } = spec;
      const name = spec.name.startsWith('/') ? spec.name : `${namespace}/${spec.name}`;
      const topic = new Topic({ name, type, large, latched: spec.latched !== undefined, ...(derived === true && { derived }), ...(modality !== undefined && { modality }), ...(referred && { referred }) });
      return new PerceptionTopic(spec, this.#table.addOwn(topic), maker);
    });
    this.#bodies = new BodyTopics(this.#table, maker);
    this.topics$ = this.#table.topics$;
    this.#diagnostics = this.#table.addOwn(new Topic({ name: DIAGNOSTICS, type: 'diagnostic_msgs/msg/DiagnosticArray', latched: false, large: false }));
    this.#rosout = this.#table.addOwn(new Topic({ name: ROSOUT, type: 'rcl_interfaces/msg/Log', latched: false, large: false }));
    this.#log = new LogBook(() => this.scheduler.now());
    this.log$ = this.#log.entries$;
    this.wanted$ = this.#wanted.asObservable();
    this.referredWanted$ = this.#referredWanted.pipe(distinctUntilChanged());
    this.perceptions$ = this.#perceptions.asObservable();
  }

  /** Every topic now: the perceptions', /diagnostics, and those that clients advertised or wait for. */
  get topics(): readonly TopicInfo[] {
    return this.#table.all;
  }

  /** One topic by its absolute name. */
  topic(name: string): TopicInfo | undefined {
    return this.#table.get(name);
  }

  /**
   * Listens to a topic. The listener is called synchronously for every message, and at once with a latched one.
   * @param where names the listener in drop counts
   * @param interest what is computed and kept for it; by default both
   * @throws SextantError `bad-argument` for a topic the bridge does not have.
   */
  subscribe(name: string, listener: (publication: Publication) => void, where = 'listener', interest: Interest = {}): TopicSubscription {
    const topic = this.#table.need(name);
    const held: { wants?: boolean; keeps?: boolean } = { ...interest };
    let stop: (() => void) | undefined = topic.listen(listener, held);
    this.#subscribersChanged();
    return {
      topic,
      sent: (bytes) => {
        topic.sent(bytes);
      },
      dropped: (count = 1) => {
        topic.dropped(count);
        this.drops.add(where, count);
      },
      want: (wants) => {
        if (held.wants === wants) return;
        held.wants = wants;
        this.#subscribersChanged();
      },
      unsubscribe: () => {
        stop?.();
        stop = undefined;
        this.#table.forget(name);
        this.#subscribersChanged();
      },
    };
  }

  /** What a latched topic said last, which late listeners get; nothing where it has not spoken. */
  latched(name: string): Publication | undefined {
    return this.#table.get(name)?.latchedMessage;
  }

  /**
   * Messages that clients publish on a topic, which is made if it is not there. Cold; nothing is kept for late listeners.
   * @throws SextantError `protocol` for a bad name or type (as an error of the observable).
   */
  incoming(name: string, type: string): Observable<object> {
    return new Observable((subscriber) => {
      this.ensureTopic(name, type);
      const subscription = this.subscribe(name, (publication) => {
        subscriber.next(publication.message);
      });
      return () => {
        subscription.unsubscribe();
        this.releaseTopic(name);
      };
    });
  }

  /** Publishes one perception on every topic that somebody listens to. */
  publish(perception: Perception): void {
    if (this.#closed) return;
    const { parameters } = this;
    const frameId = parameters.text('frame_id');
    const options = convertOptions(parameters);
    const { mount } = options;
    const named = frameId === '' ? perception : { ...perception, frame: { ...perception.frame, frameId } };
    const shown = limitDepth(named, parameters.number('depth.confidence_threshold'), parameters.number('depth.max_range'));
    if (mount !== undefined) this.#warnOfSelf(selfParent(mount, shown.frame.frameId));
    this.#lastStamp = shown.frame.stamp;
    this.#meter.mark(shown, this.scheduler.now());
    if (this.#diagnosticsTimer !== undefined) this.#stability.add(shown);
    this.#perceptions.next(shown);
    let changed = false; // a latched topic has spoken, a body came or went
    for (const own of this.#own) changed = own.offer(shown, options) || changed;
    changed = this.#bodies.offer(shown) || changed;
    if (changed) this.#subscribersChanged();
  }

  /**
   * Makes sure a client's topic exists. Advertising (or waiting for) a topic under its own type is always fine.
   * @throws SextantError `protocol` for a bad name, an unknown type, or a topic that has another type; `too-large` where there are too many.
   */
  ensureTopic(name: string, type: string, latched = false): TopicInfo {
    return this.#table.ensure(name, type, latched);
  }

  /** True for the topics the bridge itself publishes; clients may not publish on these. */
  isOwn(name: string): boolean {
    return this.#table.isOwn(name);
  }

  /** A client will publish a topic, which stays until `unadvertiseTopic` was called as often. @throws SextantError as `ensureTopic`. */
  advertiseTopic(name: string, type: string, latched = false): TopicInfo {
    return this.#table.advertise(name, type, latched);
  }

  /** The client of one `advertiseTopic` is done. */
  unadvertiseTopic(name: string): void {
    this.#table.unadvertise(name);
  }

  /** Forgets a client's topic when nobody keeps it by listening or advertises it; the bridge's own topics stay. */
  releaseTopic(name: string): void {
    this.#table.release(name);
  }

  /** Publishes a ready message on a topic made by `ensureTopic` or `advertiseTopic`. */
  publishMessage(name: string, message: object): void {
    const topic = this.#table.get(name);
    if (topic === undefined || this.#closed) return;
    this.#say(topic, message, nanoseconds(this.scheduler.now()));
  }

  /**
   * Says something to the people who watch the run: `log$`, and `/rosout` for the robot. What was said a moment ago is not said again:
   * a client must not be able to fill a log.
   */
  log(level: LogLevel, message: string, details: Readonly<Record<string, unknown>> = {}): void {
    const entry = this.#log.add(level, message, details);
    if (entry !== undefined && this.#rosout.wanted) this.#say(this.#rosout, logMessage(entry, this.#namespace.slice(1), this.#now()), this.#now());
  }

  /** Counters of every topic by name. */
  stats(): Readonly<Record<string, TopicStats>> {
    return Object.fromEntries(this.#table.all.map((topic) => [topic.name, topic.stats()]));
  }

  /** Rate, latency and age of the stream. */
  health(): BridgeHealth {
    return this.#meter.health(this.scheduler.now());
  }

  /** What `/diagnostics` would say now. */
  diagnosticsNow(): DiagnosticArray {
    const name = `${this.#namespace.slice(1)}: perception`;
    return diagnosticArray(this.health(), this.drops.snapshot(), { ...this.#stability.values, ...this.#extra() }, name, this.#now());
  }

  /** Hands the bridge to a transport and closes it with the bridge. */
  attach<T extends Transport>(transport: T): T {
    transport.attach(this);
    this.#transports.add(transport);
    return transport;
  }

  /** Closes the transports and stops publishing; a second call waits for the first. @throws the first error of a transport, when all are closed. */
  async close(): Promise<void> {
    this.#closed = true; // before the transports let go of topics: nothing is told of that any more
    this.#diagnosticsTimer?.unsubscribe();
    try {
      await this.#transports.close();
    } finally {
      this.#log.close();
      this.#table.close();
      this.#wanted.complete();
      this.#referredWanted.complete();
      this.#perceptions.complete();
    }
  }

  /** Once per name, not with every frame. */
  #warnOfSelf(frame: string | undefined): void {
    if (frame === this.#toldSelf) return;
    this.#toldSelf = frame;
    if (frame !== undefined) this.log('warning', `the frame ${frame} would be its own parent: that transform is left out of /tf_static. Give base_frame, camera_frame and frame_id different names.`, { frame });
  }

  /** The time that the bridge's own messages carry: in a replay that of /clock, nanoseconds. */
  #now(): bigint {
    return this.#clock && this.#lastStamp !== undefined ? this.#lastStamp : nanoseconds(this.scheduler.now());
  }

  #say(topic: Topic, message: object, stamp: bigint): void {
    if (!this.#closed) topic.offer(this.#publication(topic, stamp, this.scheduler.now(), () => message));
  }

  #publication(topic: Topic, stamp: bigint, receivedMs: number, build: () => object): Publication {
    return new Publication({ topic: topic.name, type: topic.type, stamp, receivedMs, build, observer: topic });
  }

  #subscribersChanged(): void {
    if (this.#closed) return;
    const wanted = new Set<Modality>();
    for (const { topic } of this.#own) {
      // A latched topic that has spoken needs nothing more computed.
      if (topic.modality !== undefined && topic.wanted && topic.latchedMessage === undefined) wanted.add(topic.modality);
    }
    if (this.#bodies.wanted) wanted.add('skeleton');
    const before = this.#wanted.value;
    if (wanted.size !== before.size || [...wanted].some((m) => !before.has(m))) this.#wanted.next(wanted);
    // A phrase may become another at any time, so what is latched counts too.
    this.#referredWanted.next(this.#own.some(({ topic }) => topic.referred === true && topic.wanted));
    this.#runDiagnostics();
  }

  #runDiagnostics(): void {
    if (!this.#diagnostics.wanted) {
      this.#diagnosticsTimer?.unsubscribe();
      this.#diagnosticsTimer = undefined;
      return;
    }
    this.#diagnosticsTimer ??= interval(DIAGNOSTICS_PERIOD_MS, this.scheduler).subscribe(() => {
      this.#say(this.#diagnostics, this.diagnosticsNow(), this.#now());
    });
  }
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds)) * 1_000_000n;
}

/** Makes a bridge: `const ros = createBridge(); perceptions.pipe(publish(ros))`. */
export function createBridge(options: BridgeOptions = {}): RosBridge {
  return new RosBridge(options);
}
