import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Ros, Service, Topic } from 'roslib';
import { WebSocket, WebSocketServer } from 'ws';
import { decodeCdr, createBridge, depthImage, MAX_CLIENT_MESSAGE_BYTES, RosbridgeServer } from '../src/index.js';
import type { Image, RosBridge } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

// Real sockets on a machine that may be busy: nothing here waits for a clock, only for messages.
jest.setTimeout(60_000);

const DEPTH = '/sextant/depth/image';
let bridge: RosBridge;
let server: WebSocketServer;
let url: string;
let ros: Ros;

beforeEach(async () => {
  bridge = createBridge();
  const rosbridge = bridge.attach(new RosbridgeServer());
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: MAX_CLIENT_MESSAGE_BYTES });
  server.on('connection', (socket) => {
    rosbridge.accept(socket);
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ros = new Ros();
  await ros.connect(url);
  if (!ros.isConnected) await new Promise<void>((resolve) => { ros.once('connection', resolve); });
});

afterEach(async () => {
  ros.close();
  await bridge.close();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

async function subscribed(topic: string): Promise<void> {
  while (bridge.stats()[topic]?.subscribers === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('roslib', () => {
  const seen = syntheticPerception(4);
  const truth = depthImage(seen, '32FC1') as Image;

  it.each(['none', 'png', 'cbor', 'cbor-raw'] as const)('receives depth with compression %s', async (compression) => {
    const topic = new Topic<Record<string, unknown>>({ ros, name: DEPTH, messageType: 'sensor_msgs/Image', compression });
    const arrived = new Promise<Record<string, unknown>>((resolve) => {
      topic.subscribe(resolve);
    });
    await subscribed(DEPTH);
    bridge.publish(seen);
    const message = await arrived;
    const image = compression === 'cbor-raw' ? decodeCdr<Image>('sensor_msgs/msg/Image', message['bytes'] as Uint8Array) : (message as unknown as Image);
    expect(image).toMatchObject({ width: 32, height: 24, encoding: '32FC1', step: 128, header: truth.header });
    const bytes = typeof image.data === 'string' ? Buffer.from(image.data, 'base64') : Buffer.from(image.data);
    expect(bytes.equals(Buffer.from(truth.data))).toBe(true);
    if (compression === 'cbor-raw') expect(typeof message['secs']).toBe('number');
    topic.unsubscribe();
    while (bridge.stats()[DEPTH]?.subscribers !== 0) await new Promise((resolve) => setTimeout(resolve, 2));
  });

  it('decodes camera_info doubles from CBOR', async () => {
    const topic = new Topic<{ k: Float64Array }>({ ros, name: '/sextant/rgb/camera_info', messageType: 'sensor_msgs/CameraInfo', compression: 'cbor' });
    const arrived = new Promise<{ k: Float64Array }>((resolve) => {
      topic.subscribe(resolve);
    });
    await subscribed('/sextant/rgb/camera_info');
    bridge.publish(seen);
    expect([...(await arrived).k]).toEqual(seen.frame.camera?.k);
  });

  it('lists topics, types, nodes and time', async () => {
    const topics = await new Promise<{ topics: string[]; types: string[] }>((resolve, reject) => {
      ros.getTopics(resolve, reject);
    });
    expect(topics.types[topics.topics.indexOf(DEPTH)]).toBe('sensor_msgs/msg/Image');
    expect(await new Promise((resolve, reject) => { ros.getTopicType(DEPTH, resolve, reject); })).toBe('sensor_msgs/msg/Image');
    expect(await new Promise((resolve, reject) => { ros.getNodes(resolve, reject); })).toEqual(['/sextant']);
    const details = await new Promise<{ type: string }[]>((resolve, reject) => { ros.getMessageDetails('sensor_msgs/Image', resolve, reject); });
    expect(details.map((d) => d.type)).toEqual(['sensor_msgs/Image', 'std_msgs/Header']);
    const time = new Service<object, { time: { sec: number } }>({ ros, name: '/rosapi/get_time', serviceType: 'rosapi/GetTime' });
    const now = await new Promise<{ time: { sec: number } }>((resolve, reject) => { time.callService({}, resolve, reject); });
    expect(Math.abs(now.time.sec - Date.now() / 1000)).toBeLessThan(5);
  });

  it('talks to another roslib client', async () => {
    const other = new Ros();
    await other.connect(url);
    const heard = new Promise<{ data: string }>((resolve) => {
      new Topic<{ data: string }>({ ros: other, name: '/chat', messageType: 'std_msgs/String' }).subscribe(resolve);
    });
    while (bridge.topic('/chat') === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
    new Topic<{ data: string }>({ ros, name: '/chat', messageType: 'std_msgs/String' }).publish({ data: 'ping' });
    expect(await heard).toEqual({ data: 'ping' });
    other.close();
  });
});

describe('a client that stops reading its socket', () => {
  it('loses old frames, counted, while another gets all of them', async () => {
    const stalled = new WebSocket(url);
    await once(stalled, 'open');
    const name = '/sextant/rgb/image_raw';
    stalled.send(JSON.stringify({ op: 'subscribe', topic: name, compression: 'cbor' }));
    await subscribed(name);
    stalled.pause();
    let got = 0;
    const other = new WebSocket(url);
    await once(other, 'open');
    other.on('message', () => got++);
    other.send(JSON.stringify({ op: 'subscribe', topic: name, compression: 'cbor' }));
    while ((bridge.stats()[name]?.subscribers ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    const frame = syntheticPerception(0, { width: 640, height: 480 });
    for (let i = 1; i <= 40; i++) {
      bridge.publish(frame);
      while (got < i) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const buffered = [...server.clients].map((client) => client.bufferedAmount);
    expect(Math.max(...buffered)).toBeLessThan(2 * 1024 * 1024);
    expect(bridge.drops.count('rosbridge')).toBeGreaterThan(20);
    stalled.terminate();
    other.terminate();
  });
});

describe('a client that sends 100 MB', () => {
  it('is closed with 1009 and disturbs nobody', async () => {
    const bad = new WebSocket(url);
    await once(bad, 'open');
    bad.on('error', () => undefined);
    const closed = once(bad, 'close') as Promise<[number]>;
    bad.send(Buffer.alloc(100 * 1024 * 1024, 0x20).toString('latin1'), () => undefined);
    expect((await closed)[0]).toBe(1009);
    const topic = new Topic({ ros, name: DEPTH, messageType: 'sensor_msgs/Image' });
    const arrived = new Promise((resolve) => {
      topic.subscribe(resolve);
    });
    await subscribed(DEPTH);
    bridge.publish(syntheticPerception(0));
    await expect(arrived).resolves.toBeDefined();
  });
});
