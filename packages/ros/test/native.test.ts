import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { NativeTransport, createBridge, decodeCdr, encodeCdr, loadRcl } from '../src/index.js';
import type { RosBridge } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';
import { StandIn } from './rcl-standin.js';

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

  it('computes nothing for latched topics that nobody subscribes to, and publishes them all the same', async () => {
    const stand = new StandIn();
    start(stand);
    const wanted: unknown[] = [];
    const referred: boolean[] = [];
    bridge.wanted$.subscribe((set) => wanted.push([...set]));
    bridge.referredWanted$.subscribe((on) => referred.push(on));
    for (const count of [1, 0]) {
      for (const topic of ['/sextant/segmentation/label_info', '/sextant/referred/label_info']) stand.subscribers.set(topic, count);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(wanted).toEqual([[], ['segmentation'], []]);
    expect(referred).toEqual([false, true, false]);
    bridge.publish(syntheticPerception(0));
    expect(stand.sent.get('/sextant/segmentation/label_info')).toHaveLength(1);
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
    stand.change('configure');
    stand.change('activate');
    bridge.publish(syntheticPerception(1));
    expect(stand.sent.get('/sextant/flow/image')).toHaveLength(1);
    stand.change('deactivate');
    bridge.publish(syntheticPerception(2));
    expect(stand.sent.get('/sextant/flow/image')).toHaveLength(1);
    stand.change('activate');
    bridge.publish(syntheticPerception(3));
    expect(stand.sent.get('/sextant/flow/image')).toHaveLength(2);
    expect(stand.unsent).toEqual([]);
  });

  it('publishes topics of people who come while it is active', async () => {
    const stand = new StandIn();
    start(stand);
    stand.subscribers.set('/humans/bodies/tracked', 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    bridge.publish(syntheticPerception(0));
    const roi = [...stand.qos.keys()].find((topic) => /bodies\/.*\/roi$/.test(topic)) as string;
    stand.subscribers.set(roi, 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    bridge.publish(syntheticPerception(1));
    expect(stand.sent.get(roi)).toHaveLength(1);
    expect(stand.unsent).toEqual([]);
  });

  it('says why a transition failed, and leaves nothing behind where it is not to be had', () => {
    const stand = new StandIn();
    stand.broken = new TypeError('publisher.subscriptionCount is not a function');
    bridge = createBridge();
    const transport = new NativeTransport(stand.rcl);
    expect(() => bridge.attach(transport)).toThrow(expect.objectContaining({ code: 'unsupported', message: 'the native ROS node stays unconfigured: publisher.subscriptionCount is not a function' }));
    expect(stand.log).toEqual(['warn the native ROS node cannot activate: publisher.subscriptionCount is not a function']);
    expect(stand.calls.slice(-2)).toEqual(['destroy', 'shutdown']);
  });

  it('gives back node and context also where somebody else has ended the node', async () => {
    const stand = new StandIn();
    start(stand);
    stand.state = 'finalized';
    await expect(bridge.close()).rejects.toThrow('No transition available from state finalized');
    expect(stand.calls.slice(-2)).toEqual(['destroy', 'shutdown']);
    bridge = createBridge();
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
    bridge.parameters.set({ rate: 7.5 });
    expect(stand.set).toEqual([[expect.objectContaining({ name: 'rate', type: 3, value: 7.5 })]]);
  });

  it('knows which parameters a launch file gives, their defaults too', () => {
    const stand = new StandIn();
    Object.assign(stand.overrides, { base_frame: 'base_link', 'qos_overrides./tf_static.publisher.depth': 2n });
    start(stand);
    expect(['base_frame', 'camera_pose.x', 'rate'].map((name) => bridge.parameters.given(name))).toEqual([true, false, false]);
    bridge.publish(syntheticPerception(0));
    const { transforms } = decodeCdr<{ transforms: { child_frame_id: string }[] }>('tf2_msgs/msg/TFMessage', stand.sent.get('/tf_static')![0]);
    expect(transforms.map((t) => t.child_frame_id)).toEqual(['camera_link', 'camera_optical_frame']);
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

  it('starts the context of what it loaded, with its hands off the signals', async () => {
    const stand = new StandIn();
    expect(await loadRcl(sourced, () => Promise.resolve({ default: stand.rcl }))).toBe(stand.rcl);
    expect(stand.calls).toEqual(['removeSignalHandlers', 'init']);
  });
});
