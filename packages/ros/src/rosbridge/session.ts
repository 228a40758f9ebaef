import { SextantError } from '@sextant/core';
import type { RosBridge } from '../bridge/bridge.js';
import { messageFromJson } from '../messages/from-json.js';
import { normaliseType } from '../messages/definitions.js';
import { ClientSubscription, MAX_IDS_PER_TOPIC } from './client-subscription.js';
import { FragmentBuffer } from './fragments.js';
import { Outbox, type Sink } from './outbox.js';
import { ProtocolError, STATUS_LEVELS, parseOperation, type Operation, type StatusLevel, type SubscribeOperation } from './protocol.js';
import { callRosapi } from './rosapi.js';

/** A client that floods us with mistakes is told about so many of them in ten seconds, then only counted. */
const STATUS_BURST = 100;
const STATUS_WINDOW_MS = 10_000;
const NO_ID = '';

/**
 * One rosbridge client: its subscriptions, its advertised topics and what it was told. A mistake of the client becomes a
 * `status` for it and touches nobody else.
 */
export class RosbridgeSession {
  readonly #bridge: RosBridge;
  readonly #outbox: Outbox;
  readonly #subscriptions = new Map<string, ClientSubscription>();
  readonly #advertised = new Map<string, Set<string>>();
  readonly #fragments: FragmentBuffer;
  #level: StatusLevel = 'error';
  #statusWindowMs = -Infinity;
  #statuses = 0;

  constructor(bridge: RosBridge, sink: Sink) {
    this.#bridge = bridge;
    this.#fragments = new FragmentBuffer(() => bridge.scheduler.now());
    this.#outbox = new Outbox(sink, (message) => {
      this.#status('error', message);
    });
  }

  /** Handles one text message of the client. Never throws. */
  receive(text: string): void {
    this.#receive(text, false);
  }

  #receive(text: string, assembled: boolean): void {
    let id: string | number | undefined;
    try {
      const operation = parseOperation(text);
      id = operation.id;
      if (operation.op !== 'fragment') this.#perform(operation);
      else if (assembled) throw new ProtocolError('a fragment inside a fragment', id);
      else {
        const whole = this.#fragments.add(operation);
        if (whole !== undefined) this.#receive(whole, true);
      }
    } catch (error) {
      const known = SextantError.isInstance(error) || error instanceof ProtocolError || error instanceof Error;
      const message = known ? (error).message : String(error);
      this.#status('error', SextantError.isInstance(error) ? `${message}. ${error.hint}` : message, error instanceof ProtocolError ? error.id : id);
    }
  }

  /** Tells the client that a binary message is not understood: rosbridge takes JSON inbound. */
  receiveBinary(bytes: number): void {
    this.#status('error', `binary messages are not understood (${bytes} bytes): send JSON text`);
  }

  /** Lets go of everything the client held. */
  close(): void {
    for (const subscription of this.#subscriptions.values()) this.#drop(subscription);
    this.#subscriptions.clear();
    for (const topic of this.#advertised.keys()) this.#bridge.unadvertiseTopic(topic);
    this.#advertised.clear();
  }

  #perform(operation: Exclude<Operation, { op: 'fragment' }>): void {
    switch (operation.op) {
      case 'subscribe':
        this.#subscribe(operation);
        break;
      case 'unsubscribe': {
        const subscription = this.#subscriptions.get(operation.topic);
        if (subscription === undefined) throw new ProtocolError(`not subscribed to ${operation.topic}`, operation.id);
        if (subscription.remove(idOf(operation))) break;
        this.#subscriptions.delete(operation.topic);
        this.#drop(subscription);
        break;
      }
      case 'advertise': {
        this.#refuseOwn(operation.topic);
        const before = this.#advertised.get(operation.topic);
        // Once for the client, by however many ids.
        if (before === undefined) this.#bridge.advertiseTopic(operation.topic, operation.type, operation.latch);
        else this.#bridge.ensureTopic(operation.topic, operation.type, operation.latch);
        const ids = before ?? new Set();
        if (ids.size >= MAX_IDS_PER_TOPIC) throw new ProtocolError(`more than ${MAX_IDS_PER_TOPIC} ids advertise ${operation.topic}`, operation.id);
        this.#advertised.set(operation.topic, ids.add(idOf(operation) ?? NO_ID));
        break;
      }
      case 'unadvertise': {
        const ids = this.#advertised.get(operation.topic);
        if (ids === undefined) throw new ProtocolError(`${operation.topic} is not advertised`, operation.id);
        const id = idOf(operation);
        if (id !== undefined) ids.delete(id);
        if (id === undefined || ids.size === 0) {
          this.#advertised.delete(operation.topic);
          this.#bridge.unadvertiseTopic(operation.topic);
        }
        break;
      }
      case 'publish': {
        this.#refuseOwn(operation.topic);
        const topic = this.#bridge.topic(operation.topic);
        if (topic === undefined) throw new ProtocolError(`unknown topic ${operation.topic}: advertise it first, with its type`, operation.id);
        this.#bridge.publishMessage(topic.name, messageFromJson(topic.type, operation.msg ?? {}));
        break;
      }
      case 'call_service': {
        const reply = { op: 'service_response', service: operation.service, ...(operation.id === undefined ? {} : { id: operation.id }) };
        try {
          this.#outbox.reply({ ...reply, values: callRosapi(this.#bridge, operation.service, operation.args), result: true });
        } catch (error) {
          this.#outbox.reply({ ...reply, values: (error as Error).message, result: false });
          throw error;
        }
        break;
      }
      case 'auth':
        this.#status('info', 'auth is not needed: the connection was admitted by its token', operation.id);
        break;
      case 'set_level':
        this.#level = operation.level;
        break;
    }
  }

  #subscribe(operation: SubscribeOperation): void {
    const { topic: name, type } = operation;
    let topic = this.#bridge.topic(name);
    if (topic === undefined) {
      if (type === undefined || type === null) throw new ProtocolError(`unknown topic ${name}: name its type to wait for it`, operation.id);
      topic = this.#bridge.ensureTopic(name, type);
      this.#status('warning', `nobody publishes ${name} yet`, operation.id);
    } else if (type && normaliseType(type) !== topic.type) {
      throw new ProtocolError(`topic ${name} has type ${topic.type}, not ${normaliseType(type)}`, operation.id);
    }
    const id = idOf(operation) ?? NO_ID;
    const options = {
      throttleRate: operation.throttle_rate,
      queueLength: operation.queue_length,
      compression: operation.compression,
      fragmentSize: operation.fragment_size ?? undefined,
    };
    const known = this.#subscriptions.get(name);
    if (known !== undefined) {
      if (known.idCount >= MAX_IDS_PER_TOPIC) throw new ProtocolError(`more than ${MAX_IDS_PER_TOPIC} ids subscribe to ${name}`, operation.id);
      known.add(id, options, this.#bridge.latched(name));
      return;
    }
    const outbox = this.#outbox;
    const subscription = new ClientSubscription(
      topic,
      this.#bridge.scheduler,
      () => {
        outbox.pump();
      },
      () => outbox.congested,
    );
    subscription.add(id, options);
    this.#subscriptions.set(name, subscription);
    outbox.add(subscription);
    const listen = (publication: Parameters<ClientSubscription['offer']>[0]): void => {
      subscription.offer(publication);
    };
    subscription.hold(this.#bridge.subscribe(name, listen, 'rosbridge'));
  }

  #drop(subscription: ClientSubscription): void {
    this.#outbox.remove(subscription);
    subscription.close();
    this.#bridge.releaseTopic(subscription.topic.name);
  }

  #refuseOwn(topic: string): void {
    if (this.#bridge.isOwn(topic)) throw new ProtocolError(`${topic} is published by sextant itself`);
  }

  #status(level: Exclude<StatusLevel, 'none'>, message: string, id?: string | number): void {
    if (STATUS_LEVELS.indexOf(level) > STATUS_LEVELS.indexOf(this.#level)) return;
    const now = this.#bridge.scheduler.now();
    if (now - this.#statusWindowMs > STATUS_WINDOW_MS) {
      this.#statusWindowMs = now;
      this.#statuses = 0;
    }
    if (++this.#statuses > STATUS_BURST) return;
    this.#outbox.reply({ op: 'status', level, msg: message, ...(id === undefined ? {} : { id }) });
  }
}

function idOf(operation: { readonly id?: string | number | undefined }): string | undefined {
  return operation.id === undefined ? undefined : String(operation.id);
}
