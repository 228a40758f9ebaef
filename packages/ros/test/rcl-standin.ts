import type { Rcl, RclParameter, RclPublisher } from '../src/native/rcl.js';

type ParameterCallback = (list: readonly RclParameter[]) => { successful: boolean; reason: string };
type Step = 'configure' | 'activate' | 'deactivate' | 'cleanup';

/** From and to of each transition of a lifecycle node. */
const STEPS: Readonly<Record<Step, readonly [string, string]>> = {
  configure: ['unconfigured', 'inactive'], activate: ['inactive', 'active'], deactivate: ['active', 'inactive'], cleanup: ['inactive', 'unconfigured'],
};
const SUCCESS = 97;

/** rclnodejs 2.2's `FloatingPointRange` and `IntegerRange`, lib/parameter.js: a step of 0 allows every value, left out it is 1. */
class Range {
  constructor(readonly from: number | bigint, readonly to: number | bigint, readonly step: number | bigint = 1) {}

  holds(value: unknown): boolean {
    const [least, most, step, v] = [this.from, this.to, this.step, value].map(Number);
    return v >= least && v <= most && (step === 0 || Math.abs(least + Math.round((v - least) / step) * step - v) <= 1e-6 * Math.max(1, Math.abs(v)));
  }
}

class Parameter implements RclParameter {
  constructor(readonly name: string, readonly type: number, readonly value: unknown) {}
}

class Descriptor {
  constructor(readonly name: string, readonly type: number, readonly description: string, readonly readOnly: boolean, readonly range?: Range) {}
}

class QoS {
  static readonly profileSensorData = 'sensor';
  static readonly profileDefault = 'default';
  constructor(readonly history: number, readonly depth: number, readonly reliability: number, readonly durability: number) {}
}

/** Records the calls rclnodejs would get; behaves as the sources of rclnodejs 2.2.0 do. ROS 2 itself cannot be installed here. */
export class StandIn {
  readonly calls: string[] = [];
  readonly log: string[] = [];
  readonly sent = new Map<string, Buffer[]>();
  /** Topics of messages that a publisher was given before it was activated: they reach nobody. */
  readonly unsent: string[] = [];
  readonly subscribers = new Map<string, number>();
  readonly qos = new Map<string, unknown>();
  readonly overrides: Record<string, unknown> = {};
  readonly set: RclParameter[][] = [];
  readonly lacks = new Set<string>();
  /** What asking a publisher for its subscribers throws. */
  broken: Error | undefined;
  state = 'unconfigured';
  onSet: ParameterCallback = () => ({ successful: true, reason: '' });
  receive: (message: Buffer) => void = () => undefined;
  readonly transitions = new Map<string, () => number>();

  readonly rcl: Rcl;

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the classes below are made of it
    const stand = this;
    /** lib/lifecycle_publisher.js: transitions of the node do not reach it. */
    class LifecyclePublisher implements RclPublisher {
      #enabled = false;
      constructor(readonly topic: string) {}
      activate(): void { this.#enabled = true; }
      deactivate(): void { this.#enabled = false; }
      publish(message: Buffer): void {
        if (this.#enabled) stand.sent.set(this.topic, [...(stand.sent.get(this.topic) ?? []), message]);
        else stand.unsent.push(this.topic);
      }
      get subscriptionCount(): number {
        if (stand.broken) throw stand.broken;
        return stand.subscribers.get(this.topic) ?? 0;
      }
    }
    class Node {
      #descriptors = new Map<string, Descriptor>();
      constructor(name: string) { stand.calls.push(`node ${name}`); }
      createLifecyclePublisher(type: string, topic: string, { qos }: { readonly qos?: unknown }) {
        if (stand.lacks.has(type)) throw new Error(`no package of ${type}`);
        stand.qos.set(topic, qos);
        return new LifecyclePublisher(topic);
      }
      createSubscription(type: string, topic: string, options: { readonly isRaw?: boolean }, callback: (message: Buffer) => void) {
        stand.calls.push(`subscribe ${topic} ${type} raw ${options.isRaw}`);
        stand.receive = callback;
        return topic;
      }
      destroyPublisher() { stand.calls.push('destroyPublisher'); }
      destroySubscription(topic: unknown) { stand.calls.push(`unsubscribe ${String(topic)}`); }
      declareParameters(list: RclParameter[], descriptors: Descriptor[]) {
        for (const descriptor of descriptors) this.#descriptors.set(descriptor.name, descriptor);
        const declared = list.map((p) => new Parameter(p.name, p.type, stand.overrides[p.name] ?? p.value));
        for (const parameter of declared) {
          const { successful, reason } = this.#check(parameter);
          if (!successful) throw new Error(reason);
        }
        return declared;
      }
      getParameterOverrides() { return Object.entries(stand.overrides).map(([name, value]) => new Parameter(name, 0, value)); }
      setParameters(list: RclParameter[]) {
        stand.set.push(list);
        return list.map((parameter) => {
          const checked = this.#check(parameter);
          return checked.successful ? stand.onSet([parameter]) : checked;
        });
      }
      addOnSetParametersCallback(callback: ParameterCallback) { stand.onSet = callback; }
      registerOnConfigure(f: () => number) { stand.transitions.set('configure', f); }
      registerOnActivate(f: () => number) { stand.transitions.set('activate', f); }
      registerOnDeactivate(f: () => number) { stand.transitions.set('deactivate', f); }
      registerOnCleanup(f: () => number) { stand.transitions.set('cleanup', f); }
      registerOnShutdown(f: () => number) { stand.transitions.set('shutdown', f); }
      configure() { stand.change('configure'); }
      activate() { stand.change('activate'); }
      deactivate() { stand.change('deactivate'); }
      cleanup() { stand.change('cleanup'); }
      spin() { stand.calls.push('spin'); }
      getLogger() { return { info: (m: string) => stand.log.push(`info ${m}`), warn: (m: string) => stand.log.push(`warn ${m}`), error: (m: string) => stand.log.push(`error ${m}`) }; }
      destroy() { stand.calls.push('destroy'); }
      #check({ name, value }: RclParameter): { successful: boolean; reason: string } {
        const range = this.#descriptors.get(name)?.range;
        const successful = range?.holds(value) !== false;
        return { successful, reason: successful ? '' : `Value out of range: value ${String(value)} of ${name}` };
      }
    }
    this.rcl = {
      init: () => Promise.resolve(void this.calls.push('init')), shutdown: () => void this.calls.push('shutdown'), removeSignalHandlers: () => void this.calls.push('removeSignalHandlers'), QoS, Parameter,
      QoSOverridingOptions: { withDefaultPolicies: () => 'overridable' }, ParameterDescriptor: Descriptor, FloatingPointRange: Range, IntegerRange: Range, lifecycle: { LifecycleNode: Node },
    };
  }

  /** A transition, by the node's own methods or by a lifecycle manager: one that fails ends in `unconfigured`. */
  change(step: Step): void {
    const [from, to] = STEPS[step];
    if (this.state !== from) throw new Error(`No transition available from state ${this.state}: ${step}`);
    const result = this.transitions.get(step)?.() ?? SUCCESS;
    this.calls.push(`${step} ${result}`);
    this.state = result === SUCCESS ? to : 'unconfigured';
  }
}
