import { SextantError } from '@sextant/core';
import { Observable } from 'rxjs';
import type { Subscription } from 'rxjs';
import { ROSOUT, type RosBridge } from '../bridge/bridge.js';
import type { Publication } from '../bridge/publication.js';
import type { TopicInfo, TopicSubscription } from '../bridge/topic.js';
import type { Transport } from '../bridge/transport.js';
import type { LogEntry } from '../bridge/log.js';
import { decodeCdr } from '../encoding/cdr.js';
import { mirrorParameters } from './parameters.js';
import { ERROR, LATCHED_QOS, SUCCESS, type Rcl, type RclLifecycleNode, type RclPublisher } from './rcl.js';

/** Options of {@link NativeTransport}. */
export interface NativeOptions {
  /** @default 'sextant' */
  readonly nodeName?: string;
  /** Configure and activate at once; false leaves it to a lifecycle manager. @default true */
  readonly autostart?: boolean;
  /** How often publishers are asked whether somebody listens, milliseconds. @default 200 */
  readonly pollMs?: number;
  /** Told once for each topic whose type this ROS 2 does not have (hri_msgs, vision_msgs). */
  readonly onMissing?: (topic: string, type: string, reason: string) => void;
}

interface Outlet {
  readonly info: TopicInfo;
  readonly publisher: RclPublisher;
  listening?: TopicSubscription;
}

/**
 * A lifecycle node of ROS 2 through rclnodejs: CDR bytes as they are, SensorData QoS for pictures and clouds, transient local for latched
 * topics, every QoS open to `qos_overrides` parameters. configure makes publishers, activate begins to listen to the bridge
 * wherever a publisher has subscribers (so nothing is computed for the others), deactivate and cleanup undo them.
 */
export class NativeTransport implements Transport {
  readonly name = 'native';
  readonly #rcl: Rcl;
  readonly #node: RclLifecycleNode;
  readonly #options: Required<NativeOptions>;
  readonly #outlets = new Map<string, Outlet>();
  readonly #missing = new Set<string>();
  #bridge: RosBridge | undefined;
  #following: Subscription | undefined;
  #parameters: Subscription | undefined;
  #logging: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: 'unconfigured' | 'inactive' | 'active' = 'unconfigured';

  /** @param rcl from `loadRcl`. */
  constructor(rcl: Rcl, options: NativeOptions = {}) {
    this.#rcl = rcl;
    this.#options = { nodeName: 'sextant', autostart: true, pollMs: 200, onMissing: () => undefined, ...options };
    this.#node = new rcl.lifecycle.LifecycleNode(this.#options.nodeName, '');
  }

  /** @throws SextantError `unsupported` where the node cannot be configured and activated; nothing of it is left then. */
  attach(bridge: RosBridge): void {
    this.#bridge = bridge;
    try {
      this.#start(bridge);
    } catch (error) {
      void this.close().catch(() => undefined); // the first error says more than what follows from it
      throw error;
    }
  }

  #start(bridge: RosBridge): void {
    const node = this.#node;
    this.#parameters = mirrorParameters(this.#rcl, node, bridge.parameters);
    this.#logging = bridge.log$.subscribe((entry) => { this.#say(entry); });
    let failure: unknown;
    const step = (name: string, work: () => void) => (): number => {
      try {
        work();
        return SUCCESS;
      } catch (error) {
        failure = error;
        bridge.log('warning', `the native ROS node cannot ${name}: ${SextantError.from(error).message}`, { transition: name });
        // ROS takes a node whose transition failed back to unconfigured.
        this.#deactivate();
        this.#cleanup();
        return ERROR;
      }
    };
    node.registerOnConfigure(step('configure', () => { this.#configure(); }));
    node.registerOnActivate(step('activate', () => { this.#activate(); }));
    node.registerOnDeactivate(step('deactivate', () => { this.#deactivate(); }));
    node.registerOnCleanup(step('clean up', () => { this.#cleanup(); }));
    node.registerOnShutdown(step('shut down', () => { this.#deactivate(); this.#cleanup(); }));
    node.spin();
    if (!this.#options.autostart) return;
    node.configure();
    if (this.#state === 'inactive') node.activate();
    if (this.#state === 'active') return;
    throw new SextantError('unsupported', `the native ROS node stays ${this.#state}: ${SextantError.from(failure).message}`, {
      hint: 'Sextant is made for rclnodejs 2.2: look at `npm ls rclnodejs`, or use --ros off for rosbridge and Foxglove alone.', details: { state: this.#state }, cause: failure,
    });
  }

  /** Messages of a topic of the ROS graph, decoded; SensorData QoS, open to overrides. One that cannot be read is logged and left out. Cold. */
  incoming(topic: string, type: string): Observable<object> {
    return new Observable((subscriber) => {
      const options = { qos: this.#rcl.QoS.profileSensorData, isRaw: true, qosOverridingOptions: this.#rcl.QoSOverridingOptions.withDefaultPolicies() as unknown };
      const subscription: unknown = this.#node.createSubscription(type, topic, options, (bytes) => {
        let message: object;
        try {
          message = decodeCdr(type, bytes);
        } catch (error) {
          this.#bridge?.log('warning', `${topic}: a message of ${bytes.length} bytes is no ${type}: ${(error as Error).message}`, { topic });
          return;
        }
        subscriber.next(message);
      });
      return () => { this.#node.destroySubscription(subscription); };
    });
  }

  /** @throws what rclnodejs threw, when everything that could be given back is. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#end();
      resolve();
    });
  }

  #end(): void {
    try {
      if (this.#state === 'active') this.#node.deactivate();
      if (this.#state === 'inactive') this.#node.cleanup();
    } finally {
      try {
        // A manager that refused, or a node that never ran: nothing may be left listening.
        this.#deactivate();
        this.#cleanup();
      } finally {
        this.#parameters?.unsubscribe();
        this.#logging?.unsubscribe();
        this.#node.destroy();
        this.#rcl.shutdown();
      }
    }
  }

  /** By the node's own logger, which publishes `/rosout`: the bridge's topic of that name is for the other transports. */
  #say({ level, message }: LogEntry): void {
    const logger = this.#node.getLogger();
    if (level === 'error') logger.error(message);
    else if (level === 'warning') logger.warn(message);
    else logger.info(message);
  }

  #configure(): void {
    const bridge = this.#bridge as RosBridge;
    this.#state = 'inactive';
    this.#following = bridge.topics$.subscribe((all) => {
      const there = new Set(all.filter(({ name }) => bridge.isOwn(name) && name !== ROSOUT).map(({ name }) => name));
      for (const info of all) if (there.has(info.name) && !this.#outlets.has(info.name)) this.#open(info);
      for (const [name, outlet] of this.#outlets) if (!there.has(name)) this.#shut(name, outlet);
    });
  }

  #open(info: TopicInfo): void {
    const { QoS, QoSOverridingOptions } = this.#rcl;
    const qos: unknown = info.latched ? new QoS(...LATCHED_QOS) : info.large ? QoS.profileSensorData : QoS.profileDefault;
    try {
      const publisher = this.#node.createLifecyclePublisher(info.type, info.name, { qos, qosOverridingOptions: QoSOverridingOptions.withDefaultPolicies() as unknown });
      this.#outlets.set(info.name, { info, publisher });
      if (this.#state === 'active') publisher.activate();
    } catch (error) {
      if (this.#missing.has(info.type)) return;
      this.#missing.add(info.type);
      this.#options.onMissing(info.name, info.type, (error as Error).message);
    }
  }

  #activate(): void {
    this.#state = 'active';
    for (const { publisher } of this.#outlets.values()) publisher.activate();
    this.#look();
    this.#timer = setInterval(() => { this.#look(); }, this.#options.pollMs);
    this.#timer.unref();
  }

  /** Begins to listen where somebody subscribes, and ends where nobody does. */
  #look(): void {
    for (const outlet of this.#outlets.values()) {
      const wanted = listeners(outlet.publisher) > 0;
      // Late subscribers of a latched topic are served by ROS itself, from what was published once: it is listened to always, and computed for who is there.
      if (!wanted && !outlet.info.latched) this.#release(outlet);
      else if (outlet.listening === undefined) this.#listen(outlet, wanted);
      else outlet.listening.want(wanted);
    }
  }

  #listen(outlet: Outlet, wants: boolean): void {
    const bridge = this.#bridge as RosBridge;
    const held: { subscription?: TopicSubscription } = {};
    const send = (publication: Publication): void => {
      const bytes = publication.cdr();
      outlet.publisher.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      held.subscription?.sent(bytes.length);
    };
    outlet.listening = held.subscription = bridge.subscribe(outlet.info.name, send, this.name, { wants });
  }

  #release(outlet: Outlet): void {
    outlet.listening?.unsubscribe();
    delete outlet.listening;
  }

  #shut(name: string, outlet: Outlet): void {
    this.#release(outlet);
    this.#node.destroyPublisher(outlet.publisher);
    this.#outlets.delete(name);
  }

  #deactivate(): void {
    clearInterval(this.#timer);
    for (const outlet of this.#outlets.values()) {
      this.#release(outlet);
      outlet.publisher.deactivate();
    }
    if (this.#state === 'active') this.#state = 'inactive';
  }

  #cleanup(): void {
    this.#following?.unsubscribe();
    for (const [name, outlet] of this.#outlets) this.#shut(name, outlet);
    this.#state = 'unconfigured';
  }
}

/** Subscribers in the ROS graph; by a getter or by a method. */
function listeners(publisher: RclPublisher): number {
  const count = publisher.subscriptionCount;
  return typeof count === 'function' ? count.call(publisher) : count;
}
