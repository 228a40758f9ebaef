import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import type { LogEntry, RosBridge } from '@sextant/ros';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startGateway } from '../src/index.js';
import type { Gateway } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

// Real sockets on a machine that may be busy.
jest.setTimeout(120_000);

const DEPTH = '/sextant/depth/image';

/** One client misbehaves; two others, of rosbridge and of Foxglove, must get every frame all the while. */
describe('what goes wrong with one client', () => {
  let bridge: RosBridge;
  let gateway: Gateway;
  let index = 0;
  const sockets: WebSocket[] = [];
  const log: LogEntry[] = [];
  const heard = { rosbridge: 0, foxglove: 0 };

  const until = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 4000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(condition()).toBe(true);
  };

  async function open(path: string, protocol?: string, listener: (data: Buffer, binary: boolean) => void = () => undefined): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, protocol);
    socket.on('message', listener);
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'open');
    return socket;
  }

  beforeEach(async () => {
    index = 0;
    log.length = 0;
    Object.assign(heard, { rosbridge: 0, foxglove: 0 });
    bridge = createBridge();
    bridge.log$.subscribe((entry) => log.push(entry));
    gateway = await startGateway({ bridge, port: 0 });
    const rosbridge = await open('/rosbridge', undefined, (_data, binary) => { if (binary) heard.rosbridge++; });
    rosbridge.send(JSON.stringify({ op: 'subscribe', topic: DEPTH, compression: 'cbor' }));
    let channelId: number | undefined;
    const foxglove = await open('/foxglove', 'foxglove.sdk.v1', (data, binary) => {
      if (binary) heard.foxglove++;
      else channelId ??= (JSON.parse(String(data)) as { channels?: { id: number; topic: string }[] }).channels?.find(({ topic }) => topic === DEPTH)?.id;
    });
    await until(() => channelId !== undefined);
    foxglove.send(JSON.stringify({ op: 'subscribe', subscriptions: [{ id: 1, channelId }] }));
    await until(() => bridge.stats()[DEPTH].subscribers === 2);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await gateway.close();
    await bridge.close();
  });

  const rawSocket = (socket: WebSocket): { write(bytes: Buffer): void } => (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;

  /** Ten frames, of which the two good clients must get every one. */
  async function undisturbed(): Promise<void> {
    const before = { ...heard };
    for (let i = 1; i <= 10; i++) {
      bridge.publish(syntheticPerception(index++));
      await until(() => heard.rosbridge === before.rosbridge + i && heard.foxglove === before.foxglove + i);
    }
    expect(bridge.drops.total).toBe(0);
  }

  it.each(['/rosbridge', '/foxglove'])('a picture of 200 MB on %s: its sender is disconnected, and it is in the log', async (path) => {
    const bad = await open(path, path === '/foxglove' ? 'foxglove.sdk.v1' : undefined);
    const closed = once(bad, 'close') as Promise<[number]>;
    // By hand: the head of a masked frame of 200 MB, and its first megabyte.
    const head = Buffer.from([path === '/foxglove' ? 0x82 : 0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(200n * 1024n * 1024n, 2);
    rawSocket(bad).write(Buffer.concat([head, Buffer.alloc(1 << 20, 0x41)]));
    expect((await closed)[0]).toBe(1009);
    await until(() => log.length > 0);
    expect(log[0]).toMatchObject({ level: 'warning', message: expect.stringContaining('a message larger than this server takes') });
    await undisturbed();
  });

  it('garbage of every kind: a status each for its sender, nothing for the others', async () => {
    const bad = await open('/');
    const statuses: { level: string; msg: string }[] = [];
    bad.on('message', (data: Buffer) => {
      const message = JSON.parse(String(data)) as { op: string; level: string; msg: string };
      if (message.op === 'status') statuses.push(message);
    });
    const camera = '/robot/image_raw';
    const advertise = { op: 'advertise', topic: camera, type: 'sensor_msgs/Image' };
    const wrong: readonly [unknown, RegExp][] = [
      ['{{{', /not JSON/],
      [{ op: 'subscribe', topic: '/no/such/topic' }, /unknown topic \/no\/such\/topic/],
      [{ op: 'subscribe', topic: DEPTH, type: 'std_msgs/String' }, /has type sensor_msgs\/msg\/Image, not std_msgs\/msg\/String/],
      [{ op: 'subscribe', topic: '/x', type: 'no_msgs/Such' }, /no_msgs\/Such.* is not known/],
      [{ op: 'publish', topic: DEPTH, msg: {} }, /published by sextant itself/],
      [advertise, /^$/],
      [{ ...advertise, type: 'std_msgs/String' }, /has type sensor_msgs\/msg\/Image/],
      [{ op: 'publish', topic: camera, msg: { width: -4 } }, /width must be uint32, got -4/],
      [{ op: 'publish', topic: camera, msg: { data: [1, 2, 'three'] } }, /data\[2\] must be uint8/],
      [{ op: 'publish', topic: camera, msg: { pixels: 'AAAA' } }, /no field "pixels"/],
      [{ op: 'call_service', service: '/rosapi/set_param', args: { name: '/sextant:rate', value: '-3' } }, /rate cannot be -3/],
      [{ op: 'call_service', service: '/reboot' }, /does not exist/],
    ];
    for (const [what] of wrong) bad.send(typeof what === 'string' ? what : JSON.stringify(what));
    bad.send(Buffer.from([0xff, 0xfe, 0xfd]));
    const expected = [...wrong.map(([, message]) => message).filter((message) => message.source !== '^$'), /binary messages are not understood/];
    await until(() => statuses.length === expected.length);
    expected.forEach((message, i) => { expect(statuses[i]).toMatchObject({ level: 'error', msg: expect.stringMatching(message) }); });
    await undisturbed();
    expect(bridge.parameters.get('rate')).toBe(0);
  });

  it('text that is no UTF-8: disconnected with 1007, in the log', async () => {
    const bad = await open('/rosbridge');
    const closed = once(bad, 'close') as Promise<[number]>;
    // A text frame by hand: the library would not send it.
    rawSocket(bad).write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]));
    expect((await closed)[0]).toBe(1007);
    await until(() => log.some(({ message }) => message.includes('a rosbridge client was disconnected')));
    await undisturbed();
  });

  it('a page of another site: refused, and the log says what to do', async () => {
    const page = new WebSocket(`ws://127.0.0.1:${gateway.port}/`, { headers: { origin: 'https://shop.example' } });
    page.on('error', () => undefined);
    const [, response] = (await once(page, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    expect(log).toMatchObject([{ message: expect.stringMatching(/pages of "https:\/\/shop.example" may not connect; --allow-host/) }]);
    await undisturbed();
  });

  it('a clock that jumps back, as a replay that begins again: every client goes on', async () => {
    await undisturbed();
    index = -3000; // a hundred seconds earlier
    await undisturbed();
    index = 5000;
    await undisturbed();
  });
});
