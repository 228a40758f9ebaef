import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { NativeTransport, createBridge, decodeCdr, encodeCdr, loadRcl } from '../src/index.js';
import type { RosBridge } from '../src/index.js';
import type { Rcl, RclParameter } from '../src/native/rcl.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

type ParameterCallback = (list: readonly RclParameter[]) => { successful: boolean; reason: string };

/** Records the calls rclnodejs would get; behaves as its documentation says. ROS 2 itself cannot be installed here. */
class StandIn {
  readonly calls: string[] = [];
  readonly log: string[] = [];
  readonly sent = new Map<string, Buffer[]>();
  readonly subscribers = new Map<string, number>();
  readonly qos = new Map<string, unknown>();
  readonly overrides: Record<string, unknown> = {};
  readonly set: RclParameter[][] = [];
  readonly lacks = new Set<string>();
  onSet: ParameterCallback = () => ({ successful: true, reason: '' });
  receive: (message: Buffer) => void = () => undefined;
  readonly transitions = new Map<string, () => number>();

  readonly rcl: Rcl;

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the classes below are made of it
    const stand = this;
    class QoS {
      static readonly profileSensorData = 'sensor';
      static readonly profileDefault = 'default';
      constructor(readonly history: number, readonly depth: number, readonly reliability: number, readonly durability: number) {}
    }
    class Parameter {
      constructor(readonly name: string, readonly type: number, readonly value: unknown) {}
    }
    class Node {
      constructor(name: string) { stand.calls.push(`node ${name}`); }
      createLifecyclePublisher(type: string, topic: string, { qos }: { readonly qos?: unknown }) {
        if (stand.lacks.has(type)) throw new Error(`no package of ${type}`);
        stand.qos.set(topic, qos);
        return { publish: (message: Buffer) => { stand.sent.set(topic, [...(stand.sent.get(topic) ?? []), message]); }, subscriptionCount: () => stand.subscribers.get(topic) ?? 0, topic };
      }
      createSubscription(type: string, topic: string, options: { readonly isRaw?: boolean }, callback: (message: Buffer) => void) {
        stand.calls.push(`subscribe ${topic} ${type} raw ${options.isRaw}`);
        stand.receive = callback;
        return topic;
      }
      destroyPublisher() { stand.calls.push('destroyPublisher'); }
      destroySubscription(topic: unknown) { stand.calls.push(`unsubscribe ${String(topic)}`); }
      declareParameters(list: RclParameter[]) { return list.map((p) => new Parameter(p.name, p.type, stand.overrides[p.name] ?? p.value)); }
      setParameters(list: RclParameter[]) { stand.set.push(list); return list.map(() => stand.onSet(list)); }
      addOnSetParametersCallback(callback: ParameterCallback) { stand.onSet = callback; }
      registerOnConfigure(f: () => number) { stand.transitions.set('configure', f); }
      registerOnActivate(f: () => number) { stand.transitions.set('activate', f); }
      registerOnDeactivate(f: () => number) { stand.transitions.set('deactivate', f); }
      registerOnCleanup(f: () => number) { stand.transitions.set('cleanup', f); }
      registerOnShutdown(f: () => number) { stand.transitions.set('shutdown', f); }
      configure() { return this.go('configure'); }
      activate() { return this.go('activate'); }
      deactivate() { return this.go('deactivate'); }
      cleanup() { return this.go('cleanup'); }
      spin() { stand.calls.push('spin'); }
      getLogger() { return { info: (m: string) => stand.log.push(`info ${m}`), warn: (m: string) => stand.log.push(`warn ${m}`), error: (m: string) => stand.log.push(`error ${m}`) }; }
      destroy() { stand.calls.push('destroy'); }
      private go(step: string) { stand.calls.push(`${step} ${stand.transitions.get(step)?.()}`); }
    }
    class Opaque {}
    this.rcl = {
      init: () => Promise.resolve(void this.calls.push('init')), shutdown: () => void this.calls.push('shutdown'), QoS, Parameter,
      QoSOverridingOptions: { withDefaultPolicies: () => 'overridable' }, ParameterDescriptor: Opaque, FloatingPointRange: Opaque, IntegerRange: Opaque, lifecycle: { LifecycleNode: Node },
    };
  }
}

describe('NativeTransport', () => {
  let bridge: RosBridge;
  afterEach(() => bridge.close());
  const start = (stand: StandIn, options = {}): NativeTransport => {
    bridge = createBridge();
    return bridge.attach(new NativeTransport(stand.rcl, { pollMs: 5, ...options }));
  };

  it('goes through the lifecycle in order and gives everything back', async () => {
    const stand = new StandIn();
    start(stand);
    expect(stand.calls).toEqual(['node sextant', 'spin', 'configure 97', 'activate 97']);
    const publishers = stand.qos.size;
    await bridge.close();
    expect(stand.calls.slice(4)).toEqual(['deactivate 97', ...Array.from({ length: publishers }, () => 'destroyPublisher'), 'cleanup 97', 'destroy', 'shutdown']);
  });

  it('sends CDR where somebody subscribes and computes nothing elsewhere', async () => {
    const stand = new StandIn();
    start(stand);
    bridge.publish(syntheticPerception(0));
    expect([...stand.sent.keys()].sort()).toEqual(['/sextant/segmentation/label_info', '/tf_static']);
    expect(bridge.stats()['/sextant/depth/image'].built).toBe(0);
    stand.subscribers.set('/sextant/depth/image', 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await firstValueFrom(bridge.wanted$)).toEqual(new Set(['depth']));
    bridge.publish(syntheticPerception(1));
    const [message] = stand.sent.get('/sextant/depth/image') ?? [];
    expect(message).toBeInstanceOf(Buffer);
    expect(decodeCdr('sensor_msgs/msg/Image', message)).toMatchObject({ encoding: '32FC1', header: { frame_id: 'camera_optical_frame' } });
    expect(bridge.stats()['/sextant/depth/image']).toMatchObject({ built: 1, sent: 1 });
    stand.subscribers.set('/sextant/depth/image', 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await firstValueFrom(bridge.wanted$)).toEqual(new Set());
  });

  it('gives each topic the QoS that subscribers expect', () => {
    const stand = new StandIn();
    start(stand);
    expect(stand.qos.get('/sextant/depth/image')).toBe('sensor');
    expect(stand.qos.get('/sextant/segmentation/detections')).toBe('default');
    expect(stand.qos.get('/tf_static')).toMatchObject({ reliability: 1, durability: 1, depth: 1 });
  });

  it('waits for a lifecycle manager where it is told to, and stops when deactivated', () => {
    const stand = new StandIn();
    start(stand, { autostart: false });
    stand.subscribers.set('/sextant/flow/image', 1);
    bridge.publish(syntheticPerception(0));
    expect(stand.qos.size).toBe(0);
    stand.transitions.get('configure')?.();
    stand.transitions.get('activate')?.();
    bridge.publish(syntheticPerception(1));
    expect(stand.sent.get('/sextant/flow/image')).toHaveLength(1);
    stand.transitions.get('deactivate')?.();
    bridge.publish(syntheticPerception(2));
    expect(stand.sent.get('/sextant/flow/image')).toHaveLength(1);
  });

  it('shares its parameters with the bridge, both ways', () => {
    const stand = new StandIn();
    stand.overrides['points.decimation'] = 4n; // from a launch file
    start(stand);
    expect(bridge.parameters.get('points.decimation')).toBe(4);
    expect(stand.onSet([{ name: 'depth.encoding', type: 4, value: '16UC1' }])).toEqual({ successful: true, reason: '' });
    expect(bridge.parameters.get('depth.encoding')).toBe('16UC1');
    expect(stand.onSet([{ name: 'rate', type: 3, value: -1 }])).toMatchObject({ successful: false, reason: expect.stringContaining('rate cannot be -1') });
    expect(stand.set).toHaveLength(0);
    bridge.parameters.set({ rate: 10 });
    expect(stand.set).toEqual([[expect.objectContaining({ name: 'rate', type: 3, value: 10 })]]);
  });

  it('tells once of a message package that this ROS 2 lacks, and serves the rest', () => {
    const stand = new StandIn();
    stand.lacks.add('hri_msgs/msg/IdsList');
    const missing = jest.fn();
    start(stand, { onMissing: missing });
    expect(missing.mock.calls).toEqual([['/humans/bodies/tracked', 'hri_msgs/msg/IdsList', 'no package of hri_msgs/msg/IdsList']]);
    expect(stand.qos.has('/sextant/depth/image')).toBe(true);
  });

  it('reads topics of the graph', async () => {
    const stand = new StandIn();
    const native = start(stand);
    const message = firstValueFrom(native.incoming('/scan/range', 'sensor_msgs/msg/Range'));
    stand.receive(Buffer.from(encodeCdr('sensor_msgs/msg/Range', { header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'sonar' }, radiation_type: 0, field_of_view: 0.5, min_range: 0.1, max_range: 4, range: 1.5, variance: 0 })));
    expect(await message).toMatchObject({ header: { frame_id: 'sonar' }, range: 1.5 });
    expect(stand.calls.slice(4)).toEqual(['subscribe /scan/range sensor_msgs/msg/Range raw true', 'unsubscribe /scan/range']);
  });
});

describe('what goes wrong around NativeTransport', () => {
  it('says it by the node\'s logger, which is /rosout, and has no publisher of that name beside it', async () => {
    const stand = new StandIn();
    const bridge = createBridge();
    bridge.attach(new NativeTransport(stand.rcl));
    bridge.log('warning', 'something is wrong');
    bridge.log('error', 'something is broken');
    expect(stand.log).toEqual(['warn something is wrong', 'error something is broken']);
    expect(stand.qos.has('/rosout')).toBe(false);
    await bridge.close();
  });

  it('leaves out a message that cannot be read, and goes on', async () => {
    const stand = new StandIn();
    const bridge = createBridge();
    const native = bridge.attach(new NativeTransport(stand.rcl));
    const heard: object[] = [];
    native.incoming('/chat', 'std_msgs/msg/String').subscribe((message) => heard.push(message));
    stand.receive(Buffer.from([0, 1, 0, 0, 255, 255, 255, 0]));
    stand.receive(Buffer.from(encodeCdr('std_msgs/msg/String', { data: 'well' })));
    expect(heard).toEqual([{ data: 'well' }]);
    expect(stand.log).toEqual([expect.stringContaining('warn /chat: a message of 8 bytes is no std_msgs/msg/String')]);
    await bridge.close();
  });
});

describe('loadRcl', () => {
  const sourced = { AMENT_PREFIX_PATH: '/opt/ros/jazzy', ROS_DISTRO: 'jazzy' };

  it('imports nothing where ROS 2 is not sourced, and says what is missing', async () => {
    const importer = jest.fn<() => Promise<unknown>>();
    await expect(loadRcl({ ROS_DISTRO: 'jazzy' }, importer)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('AMENT_PREFIX_PATH is not set') });
    expect(importer).not.toHaveBeenCalled();
  });

  it('says that rclnodejs is not installed', () => expect(loadRcl(sourced)).rejects.toMatchObject({ message: 'rclnodejs is not installed', hint: expect.stringContaining('npm install rclnodejs') }));

  it('starts the context of what it loaded', async () => {
    const stand = new StandIn();
    expect(await loadRcl(sourced, () => Promise.resolve({ default: stand.rcl }))).toBe(stand.rcl);
    expect(stand.calls).toEqual(['init']);
  });
});
