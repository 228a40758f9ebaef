import { SextantError } from '@sextant/core';
import type { Subscription } from 'rxjs';
import { pairwise } from 'rxjs';
import type { RosBridge } from '../bridge/bridge.js';
import type { TopicInfo } from '../bridge/topic.js';
import { decodeCdr } from '../encoding/cdr.js';
import { definitionText } from '../messages/definition-text.js';
import { messageFromJson } from '../messages/from-json.js';
import { URDF_URI, cameraUrdf } from './assets.js';
import { ConnectionGraph } from './connection-graph.js';
import { FoxgloveOutbox, type Feed, type Sink } from './outbox.js';
import { parameterValues, storeName } from './parameters.js';
import { LEVEL, assetResponse, parseBinary, parseOperation, time, type Operation } from './protocol.js';
import { advertiseServices, callService } from './services.js';

const CAPABILITIES = ['clientPublish', 'parameters', 'parametersSubscribe', 'services', 'connectionGraph', 'assets'];
const MAX_SUBSCRIPTIONS = 1000;
const MAX_CLIENT_CHANNELS = 100;

/** What a session is told by its server. */
export interface SessionOptions {
  readonly sessionId: string;
  /** Bytes in the socket beyond which a client is left behind. */
  readonly sendBufferLimit: number;
  /** Send the frames' stamps as the time: the source is a recording. */
  readonly clock: boolean;
}

/** One Foxglove client. A mistake of the client becomes a `status` for it and touches nobody else. */
export class FoxgloveSession {
  readonly #bridge: RosBridge;
  readonly #outbox: FoxgloveOutbox;
  readonly #channels = new Map<string, number>();
  readonly #topicOf = new Map<number, string>();
  readonly #published = new Map<number, { readonly topic: TopicInfo; readonly encoding: string }>();
  readonly #watched = new Set<string>();
  readonly #held: Subscription[] = [];
  /** What the client was told of it, while it is subscribed. */
  #graph: ConnectionGraph | undefined;
  #opticalFrame = 'camera_optical_frame';

  constructor(bridge: RosBridge, sink: Sink, options: SessionOptions) {
    this.#bridge = bridge;
    this.#outbox = new FoxgloveOutbox(sink, options.sendBufferLimit, (message) => {
      this.#status('error', message);
    });
    const capabilities = options.clock ? [...CAPABILITIES, 'time'] : CAPABILITIES;
    this.#outbox.reply({ op: 'serverInfo', name: 'sextant', capabilities, supportedEncodings: ['cdr', 'json'], metadata: {}, sessionId: options.sessionId });
    this.#outbox.reply(advertiseServices());
    this.#held.push(
      bridge.topics$.subscribe((topics) => {
        this.#advertise(topics);
      }),
      bridge.perceptions$.subscribe(({ frame }) => {
        this.#opticalFrame = frame.frameId;
        if (options.clock) this.#outbox.reply(time(frame.stamp));
      }),
      bridge.parameters.values$.pipe(pairwise()).subscribe(([before, now]) => {
        const changed = [...this.#watched].filter((name) => before[name] !== now[name]);
        if (changed.length > 0) this.#outbox.reply({ op: 'parameterValues', parameters: parameterValues(bridge.parameters, changed) });
      }),
    );
  }

  /** Handles one text message. Never throws. */
  receive(text: string): void {
    this.#try(() => {
      this.#perform(parseOperation(text));
    });
  }

  /** Handles one binary message: what the client publishes, and service calls. Never throws. */
  receiveBinary(bytes: Uint8Array): void {
    this.#try(() => {
      const received = parseBinary(bytes);
      if (received.kind === 'service') {
        this.#outbox.reply(callService(this.#bridge, received));
        return;
      }
      const { channel, payload } = received;
      const known = this.#published.get(channel);
      if (known === undefined) throw new Error(`channel ${channel} is not advertised`);
      const { type, name } = known.topic;
      const message = known.encoding === 'json' ? messageFromJson(type, JSON.parse(Buffer.from(payload).toString('utf8'))) : decodeCdr<object>(type, payload);
      this.#bridge.publishMessage(name, message);
    });
  }

  /** Lets go of everything the client held. */
  close(): void {
    for (const held of this.#held) held.unsubscribe();
    for (const feed of [...this.#outbox.feeds]) this.#drop(feed);
    for (const { topic } of this.#published.values()) this.#bridge.unadvertiseTopic(topic.name);
    this.#published.clear();
  }

  #perform(operation: Operation): void {
    const { parameters } = this.#bridge;
    switch (operation.op) {
      case 'subscribe':
        for (const { id, channelId } of operation.subscriptions) this.#subscribe(id, channelId);
        break;
      case 'unsubscribe':
        for (const id of operation.subscriptionIds) {
          const feed = this.#outbox.get(id);
          if (feed === undefined) this.#status('warning', `subscription ${id} is not there`);
          else this.#drop(feed);
        }
        this.#tellGraph();
        break;
      case 'advertise':
        for (const channel of operation.channels) this.#clientAdvertise(channel);
        break;
      case 'unadvertise':
        for (const id of operation.channelIds) {
          const known = this.#published.get(id);
          if (known === undefined) this.#status('warning', `channel ${id} is not advertised`);
          this.#published.delete(id);
          if (known !== undefined) this.#bridge.unadvertiseTopic(known.topic.name);
        }
        break;
      case 'getParameters':
        this.#tellParameters(operation.parameterNames, operation.id);
        break;
      case 'setParameters': {
        const given = operation.parameters.map(({ name, value }) => [storeName(name), value] as const);
        try {
          parameters.set(Object.fromEntries(given));
        } finally {
          // What holds now, also where something was refused: the client shows no wish for a value.
          if (operation.id !== undefined) this.#tellParameters(given.map(([name]) => name), operation.id);
        }
        break;
      }
      case 'subscribeParameterUpdates':
        for (const name of operation.parameterNames.length > 0 ? operation.parameterNames : parameters.specs.map((s) => s.name)) this.#watched.add(storeName(name));
        break;
      case 'unsubscribeParameterUpdates':
        if (operation.parameterNames.length === 0) this.#watched.clear(); // none named: all, as with subscribing
        for (const name of operation.parameterNames) this.#watched.delete(storeName(name));
        break;
      case 'subscribeConnectionGraph':
        this.#graph = new ConnectionGraph();
        this.#tellGraph();
        break;
      case 'unsubscribeConnectionGraph':
        this.#graph = undefined;
        break;
      case 'fetchAsset': {
        const known = operation.uri === URDF_URI;
        const asset = known ? Buffer.from(cameraUrdf(this.#bridge, this.#opticalFrame)) : new Error(`there is no asset ${operation.uri}: ${URDF_URI} is`);
        this.#outbox.reply(assetResponse(operation.requestId, asset));
        break;
      }
    }
  }

  /** Channels are advertised once under one id for the life of the session; those of topics that went are taken back. */
  #advertise(topics: readonly TopicInfo[]): void {
    const there = new Set(topics.map(({ name }) => name));
    const gone = [...this.#channels].filter(([name]) => !there.has(name));
    for (const [name, id] of gone) {
      this.#channels.delete(name);
      this.#topicOf.delete(id);
      for (const feed of [...this.#outbox.feeds]) if (feed.topic.name === name) this.#outbox.remove(feed);
    }
    if (gone.length > 0) this.#outbox.reply({ op: 'unadvertise', channelIds: gone.map(([, id]) => id) });
    const fresh = topics.filter(({ name }) => !this.#channels.has(name));
    const channels = fresh.map(({ name, type }) => {
      const id = this.#nextChannel++;
      this.#channels.set(name, id);
      this.#topicOf.set(id, name);
      return { id, topic: name, encoding: 'cdr', schemaName: type, schema: definitionText(type), schemaEncoding: 'ros2msg' };
    });
    if (channels.length > 0) this.#outbox.reply({ op: 'advertise', channels });
    this.#tellGraph();
  }

  #nextChannel = 1;

  #subscribe(id: number, channelId: number): void {
    const name = this.#topicOf.get(channelId);
    const topic = name === undefined ? undefined : this.#bridge.topic(name);
    if (topic === undefined) return this.#status('error', `channel ${channelId} is not advertised`);
    if (this.#outbox.get(id) !== undefined) return this.#status('error', `subscription ${id} is in use`);
    if ([...this.#outbox.feeds].length >= MAX_SUBSCRIPTIONS) return this.#status('error', `more than ${MAX_SUBSCRIPTIONS} subscriptions`);
    const feed: Feed = { id, topic };
    this.#outbox.add(feed);
    feed.hold = this.#bridge.subscribe(topic.name, (publication) => {
      this.#outbox.offer(feed, publication);
    }, 'foxglove');
    this.#tellGraph();
  }

  #drop(feed: Feed): void {
    this.#outbox.remove(feed);
    this.#bridge.releaseTopic(feed.topic.name);
  }

  #clientAdvertise({ id, topic, encoding, schemaName }: { id: number; topic: string; encoding: string; schemaName: string }): void {
    if (encoding !== 'cdr' && encoding !== 'json') return this.#status('error', `${topic}: encoding ${JSON.stringify(encoding)} is not understood: use cdr or json`);
    if (this.#bridge.isOwn(topic)) return this.#status('error', `${topic} is published by sextant itself`);
    if (this.#published.has(id) || this.#published.size >= MAX_CLIENT_CHANNELS) return this.#status('error', `channel ${id} is in use, or there are more than ${MAX_CLIENT_CHANNELS}`);
    this.#try(() => {
      this.#published.set(id, { topic: this.#bridge.advertiseTopic(topic, schemaName), encoding });
    });
  }

  #tellParameters(names: readonly string[], id: string | undefined): void {
    this.#outbox.reply({ op: 'parameterValues', parameters: parameterValues(this.#bridge.parameters, names), ...(id !== undefined && { id }) });
  }

  #tellGraph(): void {
    this.#graph?.tell(this.#bridge, (update) => this.#outbox.reply(update));
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#status('error', SextantError.isInstance(error) ? `${message}. ${error.hint}` : message);
    }
  }

  #status(level: keyof typeof LEVEL, message: string): void {
    this.#outbox.reply({ op: 'status', level: LEVEL[level], message });
  }
}
