import { describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '../bridge/bridge.js';
import type { Encoded } from '../bridge/publication.js';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { BUSY_BYTES, type Sink } from './outbox.js';
import { RosbridgeSession } from './session.js';

jest.setTimeout(60_000); // megabytes of JSON on a machine that may be busy

interface Op {
  op: string;
  level?: string;
  msg: string & { data: string };
  id?: string;
  topic?: string;
  values?: Record<string, unknown>;
  result?: boolean;
}

/** A socket that hands data on only when the test says so. */
class ManualSink implements Sink {
  bufferedAmount = 0;
  readonly sent: Encoded[] = [];
  readonly #dones: (() => void)[] = [];
  reading = true;
  most = 0;

  #begun: Uint8Array[] = [];

  send(part: Encoded, done: () => void, more = false): void {
    let data = part;
    if (typeof part !== 'string') {
      this.#begun.push(part);
      data = Buffer.concat(this.#begun);
    }
    if (!more) {
      this.sent.push(data);
      this.#begun = [];
    }
    this.bufferedAmount += part.length;
    this.most = Math.max(this.most, this.bufferedAmount);
    this.#dones.push(() => {
      this.bufferedAmount -= part.length;
      done();
    });
    if (this.reading) this.drain();
  }

  /** The client reads what is buffered now (not what follows from it, unless it goes on reading). */
  drain(): void {
    for (const done of this.#dones.splice(0)) done();
  }

  get ops(): Op[] {
    return this.sent.filter((d) => typeof d === 'string').map((d) => JSON.parse(d) as Op);
  }
}

function connect(bridge = createBridge()) {
  const sink = new ManualSink();
  const session = new RosbridgeSession(bridge, sink);
  return { bridge, sink, session, tell: (op: unknown) => { session.receive(JSON.stringify(op)); } };
}

describe('mistakes of a client', () => {
  it.each<[string, RegExp]>([
    ['not json', /not JSON/],
    ['', /not JSON/],
    ['[]', /JSON object/],
    ['null', /JSON object/],
    ['{}', /needs a string "op"/],
    ['{"op":"dance"}', /unknown op "dance"/],
    ['{"op":"toString"}', /unknown op "toString"/],
    ['{"op":"subscribe"}', /subscribe: topic/],
    ['{"op":"subscribe","topic":5}', /subscribe: topic/],
    ['{"op":"subscribe","topic":"/nope"}', /unknown topic \/nope/],
    ['{"op":"subscribe","topic":"/nope","type":"a/B"}', /"a\/B" is not known/],
    ['{"op":"subscribe","topic":"/sextant/depth/image","type":"std_msgs/String"}', /has type sensor_msgs\/msg\/Image, not std_msgs\/msg\/String/],
    ['{"op":"subscribe","topic":"/sextant/depth/image","throttle_rate":-1}', /throttle_rate/],
    ['{"op":"subscribe","topic":"/sextant/depth/image","compression":"zip"}', /compression/],
    ['{"op":"unsubscribe","topic":"/sextant/depth/image"}', /not subscribed/],
    ['{"op":"publish","topic":"/sextant/depth/image","msg":{}}', /published by sextant itself/],
    ['{"op":"publish","topic":"/cmd","msg":{}}', /advertise it first/],
    ['{"op":"advertise","topic":"bad name","type":"std_msgs/String"}', /not a topic name/],
    ['{"op":"call_service","service":"/rosapi/toString"}', /does not exist/],
    ['{"op":"advertise_service","service":"/x","type":"y"}', /unknown op/],
  ])('%s', (text, message) => {
    const { sink, session, bridge } = connect();
    session.receive(text);
    const status = sink.ops.find((o) => o.op === 'status');
    expect(status?.level).toBe('error');
    expect(status?.msg).toMatch(message);
    expect(Object.values(bridge.stats()).every((s) => s.subscribers === 0)).toBe(true);
  });

  it('are told with the id of the operation, at the level asked for, and not without end', () => {
    const { sink, tell, session } = connect();
    tell({ op: 'dance', id: 'x1' });
    expect(sink.ops[0]).toMatchObject({ op: 'status', id: 'x1' });
    session.receiveBinary(12);
    expect(sink.ops[1]?.msg).toMatch(/binary/);
    for (let i = 0; i < 500; i++) tell({ op: 'dance' });
    expect(sink.ops.length).toBe(100);
    const quiet = connect();
    quiet.tell({ op: 'set_level', level: 'none' });
    quiet.tell({ op: 'dance' });
    expect(quiet.sink.ops).toEqual([]);
  });
});

it('takes an id of null for none, as rosbridge_suite does', () => {
  const { sink, tell, bridge } = connect();
  for (const op of ['subscribe', 'unsubscribe']) tell({ op, id: null, topic: '/sextant/depth/image' });
  tell({ op: 'call_service', id: null, service: '/rosapi/get_time' });
  expect(sink.ops.map(({ op, result, id }) => [op, result, id])).toEqual([['service_response', true, undefined]]);
  expect(Object.values(bridge.stats()).every((s) => s.subscribers === 0)).toBe(true);
});

describe('topics of clients', () => {
  it('are relayed to other subscribers, checked against their type', () => {
    const bridge = createBridge();
    const a = connect(bridge);
    const b = connect(bridge);
    b.tell({ op: 'subscribe', topic: '/chat', type: 'std_msgs/String' });
    a.tell({ op: 'advertise', topic: '/chat', type: 'std_msgs/msg/String' });
    a.tell({ op: 'publish', topic: '/chat', msg: { data: 'hello' } });
    a.tell({ op: 'publish', topic: '/chat', msg: { data: 5 } });
    expect(b.sink.ops).toEqual([{ op: 'publish', topic: '/chat', msg: { data: 'hello' } }]);
    expect(a.sink.ops[0]?.msg).toMatch(/msg\.data must be string, got 5/);
    b.session.close();
    a.session.close();
    expect(bridge.topic('/chat')).toBeUndefined();
  });

  it('may hold the NaN and infinities of Python, as scans do', () => {
    const bridge = createBridge();
    const scans: object[] = [];
    bridge.incoming('/scan', 'sensor_msgs/msg/LaserScan').subscribe((scan) => scans.push(scan));
    const { session, sink } = connect(bridge);
    session.receive('{"op": "advertise", "topic": "/scan", "type": "sensor_msgs/LaserScan"}');
    session.receive('{"op": "publish", "topic": "/scan", "msg": {"range_max": 10.0, "ranges": [2.0, Infinity, NaN]}}');
    expect(scans).toEqual([expect.objectContaining({ range_max: 10, ranges: [2, Infinity, NaN] })]);
    expect(sink.ops).toEqual([]);
  });

  it('stay while one client advertises them, whoever stops listening or publishing', () => {
    const bridge = createBridge();
    const [a, b, c] = [connect(bridge), connect(bridge), connect(bridge)];
    for (const { tell } of [a, c]) for (const id of ['one', 'two']) tell({ op: 'advertise', topic: '/chat', type: 'std_msgs/String', id });
    b.tell({ op: 'subscribe', topic: '/chat' });
    b.session.close();
    c.tell({ op: 'unadvertise', topic: '/chat' });
    c.tell({ op: 'subscribe', topic: '/chat' });
    a.tell({ op: 'publish', topic: '/chat', msg: { data: 'still here' } });
    expect(c.sink.ops).toEqual([{ op: 'publish', topic: '/chat', msg: { data: 'still here' } }]);
    c.tell({ op: 'unsubscribe', topic: '/chat' });
    a.tell({ op: 'unadvertise', topic: '/chat', id: 'one' });
    expect(bridge.topic('/chat')).toBeDefined();
    a.tell({ op: 'unadvertise', topic: '/chat', id: 'two' });
    expect(bridge.topic('/chat')).toBeUndefined();
    expect([...a.sink.ops, ...b.sink.ops]).toEqual([]);
  });
});

describe('latched topics', () => {
  it('serve each new subscription of a client, whatever the throttle', () => {
    const { bridge, sink, tell } = connect();
    bridge.publish(syntheticPerception(0));
    const told = (): number => sink.ops.filter(({ op }) => op === 'publish').length;
    for (const id of ['one', 'two', 'three']) tell({ op: 'subscribe', topic: '/tf_static', id, throttle_rate: 60_000 });
    expect(told()).toBe(3);
    tell({ op: 'subscribe', topic: '/tf_static', id: 'queued', throttle_rate: 60_000, queue_length: 5 });
    expect(told()).toBe(4);
    bridge.publish(syntheticPerception(1)); // where the camera sits is known
    tell({ op: 'subscribe', topic: '/sextant/depth/image', id: 'one' });
    tell({ op: 'subscribe', topic: '/sextant/depth/image', id: 'two' });
    expect(told()).toBe(4);
    expect(bridge.stats()['/tf_static'].subscribers).toBe(1);
  });

  it('may be of a client that comes after the first subscriber', () => {
    const bridge = createBridge();
    const [early, map, late] = [connect(bridge), connect(bridge), connect(bridge)];
    early.tell({ op: 'subscribe', topic: '/map_name', type: 'std_msgs/String' });
    map.tell({ op: 'advertise', topic: '/map_name', type: 'std_msgs/String', latch: true });
    map.tell({ op: 'publish', topic: '/map_name', msg: { data: 'hall' } });
    late.tell({ op: 'subscribe', topic: '/map_name' });
    expect(late.sink.ops).toEqual([{ op: 'publish', topic: '/map_name', msg: { data: 'hall' } }]);
    expect(early.sink.ops).toEqual(late.sink.ops);
  });

  it('go once to subscriptions that come while the client does not read', () => {
    const { bridge, sink, tell } = connect();
    bridge.publish(syntheticPerception(0));
    sink.bufferedAmount = 2 * BUSY_BYTES;
    for (const id of ['one', 'two', 'three']) tell({ op: 'subscribe', topic: '/tf_static', id, queue_length: 5 });
    sink.bufferedAmount = 0;
    tell({ op: 'subscribe', topic: '/tf_static', id: 'two', queue_length: 5 });
    expect(sink.ops).toHaveLength(1);
  });
});

describe('a client that stops reading', () => {
  const big = { width: 640, height: 480 };
  it('costs a bounded amount of memory, loses old frames (counted) and goes on with the newest', () => {
    const { bridge, sink, tell } = connect();
    const other = connect(bridge);
    for (const client of [tell, other.tell]) client({ op: 'subscribe', topic: '/sextant/rgb/image_raw', compression: 'cbor' });
    sink.reading = false;
    const picture = syntheticPerception(0, big);
    for (let i = 0; i < 20; i++) bridge.publish(picture);
    const size = (sink.sent[0] as Uint8Array).length;
    expect(sink.sent).toHaveLength(1); // above BUSY_BYTES at once
    expect(sink.most).toBeLessThanOrEqual(BUSY_BYTES + size);
    expect(other.sink.sent).toHaveLength(20);
    expect(bridge.stats()['/sextant/rgb/image_raw']).toMatchObject({ dropped: 18, published: 20, built: 20, encoded: 20 });
    expect(bridge.drops.count('rosbridge')).toBe(18);
    sink.drain();
    expect(sink.sent).toHaveLength(2);
    expect(sink.sent[1]).toEqual(other.sink.sent[19]);
  });

  it('gets small messages before large ones, and large ones in turn', () => {
    const { bridge, sink, tell } = connect();
    const topics = ['/sextant/rgb/image_raw', '/sextant/depth/image', '/sextant/skeleton/keypoints', '/sextant/rgb/camera_info'];
    for (const topic of topics) tell({ op: 'subscribe', topic });
    sink.reading = false;
    const size = { ...big, mapWidth: 640, mapHeight: 480 };
    const picture = syntheticPerception(0, size);
    bridge.publish(picture);
    sink.sent.length = 0;
    for (let i = 1; i < 4; i++) bridge.publish(picture);
    for (let i = 0; i < 6; i++) sink.drain();
    const order = sink.ops.map((o) => o.topic?.replace('/sextant/', ''));
    expect(order.slice(0, 2).sort()).toEqual(['rgb/camera_info', 'skeleton/keypoints']);
    expect(order.slice(2).sort()).toEqual(['depth/image', 'rgb/image_raw']);
  });

  it('does not pile up replies', () => {
    const { sink, tell } = connect();
    sink.reading = false;
    for (let i = 0; i < 400; i++) tell({ op: 'call_service', service: '/rosapi/topics_and_raw_types', id: String(i) });
    expect(sink.most).toBeLessThan(5 * 1024 * 1024);
  });
});

describe('fragment_size', () => {
  it('splits text that a client puts together again', () => {
    const { bridge, sink, tell } = connect();
    tell({ op: 'subscribe', topic: '/sextant/depth/image', fragment_size: 1000 });
    bridge.publish(syntheticPerception(0));
    const parts = sink.ops as unknown as { op: string; data: string; num: number; total: number; id: string }[];
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.every((p, i) => p.op === 'fragment' && p.num === i && p.total === parts.length && p.id === parts[0]?.id)).toBe(true);
    expect(JSON.parse(parts.map((p) => p.data).join(''))).toMatchObject({ op: 'publish', topic: '/sextant/depth/image', msg: { encoding: '32FC1' } });
  });

  it('takes fragmented operations', () => {
    const { session, sink, bridge } = connect();
    const text = JSON.stringify({ op: 'subscribe', topic: '/sextant/flow/image' });
    session.receive(JSON.stringify({ op: 'fragment', id: 'f', data: text.slice(20), num: 1, total: 2 }));
    expect(bridge.stats()['/sextant/flow/image'].subscribers).toBe(0);
    session.receive(JSON.stringify({ op: 'fragment', id: 'f', data: text.slice(0, 20), num: 0, total: 2 }));
    expect(bridge.stats()['/sextant/flow/image'].subscribers).toBe(1);
    session.receive(JSON.stringify({ op: 'fragment', id: 'g', data: JSON.stringify({ op: 'fragment', id: 'h', data: 'x', num: 0, total: 1 }), num: 0, total: 1 }));
    expect(sink.ops.at(-1)).toMatchObject({ op: 'status', level: 'error', msg: 'a fragment inside a fragment' });
  });

  it('reads and sets parameters through rosapi', () => {
    const { session, sink, bridge } = connect();
    const call = (service: string, args: object): Op | undefined => {
      session.receive(JSON.stringify({ op: 'call_service', service: `/rosapi/${service}`, args }));
      return sink.ops.findLast(({ op }) => op === 'service_response');
    };
    expect(call('get_param_names', {})?.values?.names).toContain('/sextant:depth.encoding');
    expect(call('has_param', { name: '/sextant:nonsense' })?.values).toEqual({ exists: false });
    expect(call('set_param', { name: '/sextant:depth.encoding', value: '"16UC1"' })).toMatchObject({ result: true, values: { successful: true } });
    expect(bridge.parameters.get('depth.encoding')).toBe('16UC1');
    expect(call('get_param', { name: 'depth.encoding', default_value: '' })?.values?.value).toBe('"16UC1"');
    expect(call('get_param', { name: '/sextant:nonsense', default_value: '7' })?.values?.value).toBe('7');
    expect(call('set_param', { name: '/sextant:rate', value: '-3' })).toMatchObject({ result: false, values: expect.stringContaining('rate cannot be -3') });
    expect(call('set_param', { name: '/other:rate', value: '3' })).toMatchObject({ result: false, values: expect.stringContaining('no node /other') });
    expect(bridge.parameters.get('rate')).toBe(0);
    for (const [value, text] of [['1.5', '1.5'], ['"2"', '2'], ['camera-height:0.3', 'camera-height:0.3'], ['true', 'true']]) {
      expect(call('set_param', { name: '/sextant:scale', value })).toMatchObject({ result: true });
      expect(bridge.parameters.get('scale')).toBe(text);
    }
    expect(call('set_param', { name: 'rate', value: '"3"' })).toMatchObject({ result: false, values: expect.stringContaining('rate cannot be "3"') });
  });

  it('serves the parameter services of a ROS 2 node, checked by their types', () => {
    const { session, sink, bridge } = connect();
    const call = (service: string, args: object): Op | undefined => {
      session.receive(JSON.stringify({ op: 'call_service', service, args }));
      return sink.ops.findLast(({ op }) => op === 'service_response');
    };
    expect(call('/rosapi/service_type', { service: '/sextant/set_parameters' })?.values).toEqual({ type: 'rcl_interfaces/srv/SetParameters' });
    expect(call('/rosapi/services_for_type', { type: 'rcl_interfaces/GetParameters' })?.values).toEqual({ services: ['/sextant/get_parameters'] });
    expect(call('/rosapi/service_request_details', { type: 'rcl_interfaces/srv/SetParameters' })?.values).toMatchObject({ typedefs: [{ fieldnames: ['parameters'] }, { type: 'rcl_interfaces/Parameter' }, {}] });
    expect(call('/sextant/list_parameters', { prefixes: ['points'], depth: 0 })?.values).toEqual({ result: { names: ['points.decimation', 'points.rate', 'points.organised'], prefixes: ['points'] } });
    const wishes = [{ name: 'points.decimation', value: { type: 2, integer_value: 4 } }, { name: 'rate', value: { type: 3, double_value: -1 } }];
    expect(call('/sextant/set_parameters', { parameters: wishes })?.values).toMatchObject({ results: [{ successful: true }, { successful: false, reason: expect.stringContaining('rate cannot be -1') }] });
    expect(call('/sextant/get_parameters', { names: ['points.decimation', 'modalities', 'none'] })?.values).toMatchObject({ values: [{ type: 2, integer_value: 4 }, { type: 9, string_array_value: expect.arrayContaining(['depth']) }, { type: 0 }] });
    expect(call('/sextant/set_parameters_atomically', { parameters: [{ name: 'points.decimation', value: { type: 2, integer_value: 8 } }, wishes[1]] })?.values).toMatchObject({ result: { successful: false } });
    expect(bridge.parameters.get('points.decimation')).toBe(4);
    expect(call('/sextant/describe_parameters', { names: ['points.decimation'] })?.values).toMatchObject({ descriptors: [{ type: 2, integer_range: [{ from_value: 1, to_value: 64 }] }] });
    expect(call('/sextant/get_parameters', { names: 5 })).toMatchObject({ result: false, values: expect.stringContaining('names must be string[], got 5') });
  });
});
