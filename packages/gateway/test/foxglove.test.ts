import { FoxgloveClient } from '@foxglove/ws-protocol';
import type { Channel, MessageData, ParameterValues, Service, StatusMessage } from '@foxglove/ws-protocol';
import { parse } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startGateway } from '../src/index.js';
import type { Gateway } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

// Real sockets on a machine that may be busy.
jest.setTimeout(60_000);

/** What the independent client was told, waited for by a condition. */
class Heard {
  readonly channels = new Map<string, Channel>();
  readonly removed: number[] = [];
  readonly services: Service[] = [];
  readonly messages: MessageData[] = [];
  readonly statuses: StatusMessage[] = [];
  readonly parameters: ParameterValues[] = [];
  readonly times: bigint[] = [];
  info: Record<string, unknown> | undefined;
  graph: { publishedTopics: { name: string }[]; subscribedTopics: { name: string }[] } | undefined;

  constructor(readonly client: FoxgloveClient) {
    client.on('serverInfo', (info) => (this.info = info as unknown as Record<string, unknown>));
    client.on('advertise', (channels) => {
      for (const channel of channels) this.channels.set(channel.topic, channel);
    });
    client.on('advertiseServices', (services) => this.services.push(...services));
    client.on('unadvertise', (ids) => this.removed.push(...ids));
    client.on('message', (message) => this.messages.push(message));
    client.on('status', (status) => this.statuses.push(status));
    client.on('parameterValues', (values) => this.parameters.push(values));
    client.on('time', ({ timestamp }) => this.times.push(timestamp));
    client.on('connectionGraphUpdate', (graph) => (this.graph = graph as unknown as Heard['graph']));
    client.on('error', () => undefined);
  }

  async until(condition: () => unknown): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if (condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`waited in vain for ${String(condition)}`);
  }
}

describe('Foxglove WebSocket', () => {
  let bridge: RosBridge;
  let gateway: Gateway;
  const open: WebSocket[] = [];

  beforeEach(async () => {
    bridge = createBridge();
    gateway = await startGateway({ bridge, port: 0, clock: true });
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.terminate();
    await gateway.close();
    await bridge.close();
  });

  async function connect(path = '/foxglove', protocols: string | string[] = FoxgloveClient.SUPPORTED_SUBPROTOCOL): Promise<Heard> {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, protocols);
    open.push(socket);
    const heard = new Heard(new FoxgloveClient({ ws: socket }));
    await heard.until(() => heard.info !== undefined && heard.channels.size > 0);
    return heard;
  }

  const decode = (channel: Channel, { data }: MessageData): Record<string, unknown> =>
    new MessageReader(parse(channel.schema, { ros2: true })).readMessage(data);

  it.each(['/foxglove', '/'])('serves topics on %s: schemas that describe their CDR, lazily, with the stamps as time', async (path) => {
    const heard = await connect(path);
    expect(heard.info).toMatchObject({ name: 'sextant', supportedEncodings: ['cdr', 'json'] });
    const depth = heard.channels.get('/sextant/depth/image')!;
    expect(depth).toMatchObject({ encoding: 'cdr', schemaName: 'sensor_msgs/msg/Image', schemaEncoding: 'ros2msg' });
    bridge.publish(syntheticPerception(0));
    expect(bridge.stats()['/sextant/depth/image']?.built).toBe(0);
    const id = heard.client.subscribe(depth.id);
    await heard.until(() => bridge.stats()['/sextant/depth/image']?.subscribers === 1);
    const seen = syntheticPerception(1);
    bridge.publish(seen);
    await heard.until(() => heard.messages.length === 1);
    expect(heard.messages[0]).toMatchObject({ subscriptionId: id, timestamp: seen.frame.stamp });
    expect(heard.times.at(-1)).toBe(seen.frame.stamp);
    const image = decode(depth, heard.messages[0]) as { encoding: string; width: number; data: Uint8Array };
    expect(image).toMatchObject({ encoding: '32FC1', width: 32 });
    expect(Buffer.from(image.data)).toEqual(Buffer.from(seen.depth!.metres.buffer));
    heard.client.unsubscribe(id);
    await heard.until(() => bridge.stats()['/sextant/depth/image']?.subscribers === 0);
    expect(heard.statuses).toEqual([]);
  });

  it('speaks foxglove.sdk.v1 and takes no other subprotocol', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/foxglove`, ['foxglove.sdk.v1']);
    open.push(socket);
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(socket.protocol).toBe('foxglove.sdk.v1');
    expect(JSON.parse(String(data))).toMatchObject({ op: 'serverInfo' });
    const other = new WebSocket(`ws://127.0.0.1:${gateway.port}/foxglove`, ['mqtt']);
    open.push(other);
    other.on('error', () => undefined);
    const [, response] = (await once(other, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(400);
  });

  it('gives a latched topic to whoever comes late', async () => {
    bridge.publish(syntheticPerception(0));
    const heard = await connect();
    const tf = heard.channels.get('/tf_static')!;
    heard.client.subscribe(tf.id);
    await heard.until(() => heard.messages.length === 1);
    expect(decode(tf, heard.messages[0])).toMatchObject({ transforms: [{ header: { frame_id: 'camera_link' }, child_frame_id: 'camera_optical_frame' }] });
  });

  it('advertises and takes back the topics of bodies', async () => {
    const heard = await connect();
    heard.client.subscribe(heard.channels.get('/humans/bodies/tracked')!.id);
    bridge.publish(syntheticPerception(0));
    await heard.until(() => heard.channels.has('/humans/bodies/b00007/skeleton2d'));
    bridge.publish({ ...syntheticPerception(100), skeleton: { width: 32, height: 24, people: [] } });
    await heard.until(() => heard.removed.length === 2);
  });

  it('reads, sets and follows parameters; a refused value is told and changes nothing', async () => {
    const [heard, other] = [await connect(), await connect()];
    other.client.subscribeParameterUpdates(['/sextant.points.decimation']);
    heard.client.getParameters(['/sextant.points.decimation', '/sextant.rate', '/sextant.none'], 'a');
    await heard.until(() => heard.parameters.length === 1);
    expect(heard.parameters[0]).toMatchObject({ id: 'a', parameters: [{ name: '/sextant.points.decimation', value: 1 }, { name: '/sextant.rate', value: 0, type: 'float64' }] });
    heard.client.setParameters([{ name: '/sextant.points.decimation', value: 4 }], 'b');
    await heard.until(() => heard.parameters.length === 2);
    await other.until(() => other.parameters.length === 1);
    expect(other.parameters[0].parameters).toEqual([{ name: '/sextant.points.decimation', value: 4 }]);
    heard.client.setParameters([{ name: '/sextant.points.decimation', value: 1000 }], 'c');
    await heard.until(() => heard.statuses.length === 1 && heard.parameters.length === 3);
    expect(heard.statuses[0].message).toContain('points.decimation cannot be 1000. Give a whole number from 1 to 64');
    expect(heard.parameters[2]).toMatchObject({ id: 'c', parameters: [{ value: 4 }] });
    expect(bridge.parameters.get('points.decimation')).toBe(4);
  });

  it('publishes what a client sends, CDR or JSON, and tells garbage to that client alone', async () => {
    const [heard, other] = [await connect(), await connect()];
    const words: string[] = [];
    for (const encoding of ['cdr', 'json']) {
      const channel = heard.client.advertise({ topic: `/robot/${encoding}`, encoding, schemaName: 'std_msgs/msg/String' });
      await other.until(() => other.channels.has(`/robot/${encoding}`));
      bridge.subscribe(`/robot/${encoding}`, (p) => words.push((p.message as { data: string }).data));
      const data = encoding === 'json' ? Buffer.from('{"data":"hello json"}') : new MessageWriter(parse('string data', { ros2: true })).writeMessage({ data: 'hello cdr' });
      heard.client.sendMessage(channel, data);
      await heard.until(() => words.includes(`hello ${encoding}`));
      heard.client.sendMessage(channel, Buffer.from('garbage'));
    }
    await heard.until(() => heard.statuses.length === 2);
    heard.client.advertise({ topic: '/sextant/depth/image', encoding: 'cdr', schemaName: 'sensor_msgs/msg/Image' });
    heard.client.advertise({ topic: '/x', encoding: 'protobuf', schemaName: 'sensor_msgs/msg/Image' });
    heard.client.advertise({ topic: '/x', encoding: 'cdr', schemaName: 'no_msgs/msg/Such' });
    heard.client.subscribe(99_999);
    open[0].send('{"op":"dance"}');
    open[0].send(Buffer.from([7, 7, 7]));
    open[0].send(Buffer.from([2, 1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255]));
    await heard.until(() => heard.statuses.length === 9);
    const text = heard.statuses.map(({ message }) => message).join('\n');
    for (const part of ['published by sextant itself', 'protobuf', 'no_msgs/msg/Such', 'channel 99999', 'unknown op "dance"', 'opcode 7', 'encoding\'s name has 4294967295']) expect(text).toContain(part);
    expect(other.statuses).toEqual([]);
  });

  it('serves the node\'s parameter services in CDR, and says why a call failed', async () => {
    const heard = await connect();
    const services = new Map(heard.services.map((service) => [service.name, service]));
    const answers = new Map<number, { data: DataView | Uint8Array } | { message: string }>();
    heard.client.on('serviceCallResponse', (response) => answers.set(response.callId, response as never));
    heard.client.on('serviceCallFailure', (failure) => answers.set(failure.callId, failure));
    const call = async (callId: number, name: string, request: unknown, encoding = 'cdr'): Promise<unknown> => {
      const service = services.get(name)!;
      const data = new MessageWriter(parse(service.request!.schema, { ros2: true })).writeMessage(request);
      heard.client.sendServiceCallRequest({ serviceId: service.id, callId, encoding, data: new DataView(data.buffer, data.byteOffset, data.byteLength) });
      await heard.until(() => answers.has(callId));
      const answer = answers.get(callId)!;
      return 'message' in answer ? answer.message : new MessageReader(parse(service.response!.schema, { ros2: true })).readMessage(answer.data);
    };
    const value = { bool_value: false, integer_value: 6n, double_value: 0, string_value: '', byte_array_value: [], bool_array_value: [], integer_array_value: [], double_array_value: [], string_array_value: [] };
    expect(await call(1, '/sextant/set_parameters', { parameters: [{ name: 'points.decimation', value: { ...value, type: 2 } }] })).toMatchObject({ results: [{ successful: true }] });
    expect(bridge.parameters.get('points.decimation')).toBe(6);
    expect(await call(2, '/sextant/get_parameters', { names: ['points.decimation'] })).toMatchObject({ values: [{ type: 2, integer_value: 6n }] });
    expect(await call(3, '/sextant/describe_parameters', { names: ['nonsense'] })).toContain('there is no parameter "nonsense"');
    expect(await call(4, '/sextant/get_parameters', { names: [] }, 'protobuf')).toContain('use cdr or json');
    heard.client.sendServiceCallRequest({ serviceId: 99, callId: 5, encoding: 'cdr', data: new DataView(new ArrayBuffer(4)) });
    await heard.until(() => answers.has(5));
    expect(answers.get(5)).toMatchObject({ message: 'service 99 is not advertised' });
  });

  it('shows the connection graph and gives the URDF, and says which assets there are', async () => {
    const heard = await connect();
    heard.client.subscribeConnectionGraph();
    await heard.until(() => heard.graph?.publishedTopics.some(({ name }) => name === '/sextant/depth/points'));
    heard.client.subscribe(heard.channels.get('/sextant/rgb/image_raw')!.id);
    await heard.until(() => heard.graph?.subscribedTopics.some(({ name }) => name === '/sextant/rgb/image_raw'));
    bridge.parameters.set({ 'camera_pose.z': 0.7 });
    const answers = new Map<number, { status: number; error?: string; data?: DataView }>();
    heard.client.on('fetchAssetResponse', (response) => answers.set(response.requestId, response as never));
    heard.client.fetchAsset('package://sextant/urdf/camera.urdf', 1);
    heard.client.fetchAsset('file:///etc/passwd', 2);
    await heard.until(() => answers.size === 2);
    const { data } = answers.get(1)!;
    expect(Buffer.from(data!.buffer, data!.byteOffset, data!.byteLength).toString()).toContain('<origin xyz="0 0 0.7" rpy="0 0 0"/>');
    expect(answers.get(2)).toMatchObject({ status: 1, error: expect.stringContaining('there is no asset file:///etc/passwd') as unknown });
  });

  it('leaves a client behind that does not read, counts it, and keeps the others at full rate', async () => {
    const [slow, fast] = [await connect(), await connect()];
    for (const { client, channels } of [slow, fast]) client.subscribe(channels.get('/sextant/rgb/image_raw')!.id);
    await fast.until(() => bridge.stats()['/sextant/rgb/image_raw']?.subscribers === 2);
    open[0].pause();
    const picture = syntheticPerception(0, { width: 640, height: 480 });
    const at = (i: number): bigint => syntheticPerception(i).frame.stamp;
    for (let i = 0; i < 40; i++) {
      bridge.publish({ ...picture, frame: { ...picture.frame, stamp: at(i) } });
      await fast.until(() => fast.messages.length === i + 1);
    }
    expect(slow.messages.length).toBeLessThan(40);
    expect(bridge.drops.snapshot()['foxglove']).toBeGreaterThan(10);
    open[0].resume();
    await slow.until(() => slow.messages.at(-1)?.timestamp === at(39));
  });
});
