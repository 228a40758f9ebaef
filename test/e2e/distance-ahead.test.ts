import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RosbridgeServer, createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { WebSocketServer } from 'ws';
import { syntheticPerception } from '../support/synthetic.js';

jest.setTimeout(60_000);
const repository = fileURLToPath(new URL('../../', import.meta.url));

describe('examples/roboticist/distance-ahead.mjs', () => {
  let sockets: WebSocketServer;
  let bridge: RosBridge;
  beforeEach(async () => {
    sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(sockets, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await bridge.close();
  });

  /** The first line it prints while `publish` is called every 20 ms. */
  async function said(publish: () => void): Promise<string> {
    const server = bridge.attach(new RosbridgeServer());
    sockets.on('connection', (socket) => { server.accept(socket); });
    const child = spawn(process.execPath, ['examples/roboticist/distance-ahead.mjs', '--url', `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`, '--frames', '1'], { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = setInterval(publish, 20);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    clearInterval(timer);
    child.kill('SIGKILL');
    return line;
  }

  const frame = (provenance: 'metric' | 'relative') => {
    const perception = syntheticPerception(0);
    const { width, height } = perception.depth!;
    return { ...perception, depth: { width, height, metres: new Float32Array(width * height).fill(2.5), provenance } };
  };

  it.each(['32FC1', '16UC1'])('reads %s', async (encoding) => {
    bridge = createBridge({ parameters: { 'depth.encoding': encoding } });
    expect(await said(() => { bridge.publish(frame('metric')); })).toMatch(/ s: 2\.50 m ahead$/);
  });

  it('heeds the order of bytes and the step of rows', async () => {
    bridge = createBridge({ namespace: '/other' });
    bridge.advertiseTopic('/sextant/depth/image', 'sensor_msgs/msg/Image');
    const [width, height, step] = [6, 6, 20];
    const data = Buffer.alloc(step * height, 0x77);
    for (let i = 0; i < width * height; i += 1) data.writeUInt16BE(1250, Math.floor(i / width) * step + 2 * (i % width));
    const message = { header: { stamp: { sec: 7, nanosec: 0 }, frame_id: 'camera' }, width, height, encoding: '16UC1', is_bigendian: 1, step, data };
    expect(await said(() => { bridge.publishMessage('/sextant/depth/image', message); })).toBe('7.000 s: 1.25 m ahead');
  });

  it('says so and ends with 1 where no Sextant answers, or it goes', async () => {
    bridge = createBridge();
    /** What it said of its end, and with which code. */
    const ended = async (url: string): Promise<[string, number]> => {
      const child = spawn(process.execPath, ['examples/roboticist/distance-ahead.mjs', '--url', url], { cwd: repository, stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
      const [code] = (await once(child, 'close')) as [number];
      return [stderr, code];
    };
    const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
    sockets.on('connection', (socket) => { socket.once('message', () => { socket.terminate(); }); });
    expect(await ended(url)).toEqual([`the connection to Sextant at ${url} was lost\n`, 1]);
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => sockets.close(resolve));
    expect(await ended(url)).toEqual([`no Sextant answers at ${url}\n`, 1]);
  });

  it('says that relative depth is no distance', async () => {
    bridge = createBridge();
    expect(await said(() => { bridge.publish(frame('relative')); })).toBe('depth is relative: calibrate the camera or give a scale (sextant run --scale ...)');
  });
});
