import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MaskDecoder, SextantError, decodeControl, encodeAck, encodeCameraPicture, encodeControl, encodePing, openData, openEnvelope, wrap } from '@sextant/core';
import type { ControlBodies, ControlMessage, Frame, Modality, Perception, Prompted } from '@sextant/core';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inflateRawSync } from 'node:zlib';
import type { Observable } from 'rxjs';
import { BehaviorSubject, Subject, map, throwError, withLatestFrom } from 'rxjs';
import sharp from 'sharp';
import { WebSocket, WebSocketServer } from 'ws';
import { MaskServer } from './mask-server.js';
import type { MaskServerOptions } from './mask-server.js';

const [W, H] = [64, 48];
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function perception(sequence: number, frame: Partial<Frame> = {}): Perception {
  const labels = Uint8Array.from({ length: W * H }, (_, i) => ([[10, 12], [30, 20], [50, 33], [20, 36]].some(([x, y]) => ((i % W) - x) ** 2 + (Math.floor(i / W) - y) ** 2 < 70) ? 1 : 0));
  const classes = [{ id: 0, name: 'background', color: [0, 0, 0] as const, thing: false }, { id: 1, name: 'person', color: [220, 20, 60] as const, thing: true }];
  return {
    frame: { stamp: BigInt(sequence) * 1_000_000n, frameId: 'c', sequence, width: W, height: H, rgb: new Uint8Array(W * H * 3), ...frame },
    segmentation: { width: W, height: H, labels, instances: Uint16Array.from(labels), classes },
    depth: { width: W, height: H, metres: new Float32Array(W * H).fill(2), provenance: 'metric' },
    latencyMs: 5,
  };
}

/** A client that speaks the protocol by hand. */
class HandClient {
  readonly control: ControlMessage[] = [];
  readonly data: Uint8Array[] = [];
  closed: { readonly code: number } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (bytes: Buffer) => {
      const opened = openEnvelope(bytes);
      if (opened.name === 'data') this.data.push(bytes);
      else if (opened.name !== 'pong') this.control.push(decodeControl(opened));
    });
    socket.on('close', (code) => (this.closed = { code }));
    socket.on('error', () => undefined);
  }

  static async open(url: string, protocols = ['sextant.masks.v1', 'sextant.masks']): Promise<HandClient> {
    // Without pongs the server knows no round trip, and has one message under way.
    const client = new HandClient(new WebSocket(url, protocols, { autoPong: false }));
    await new Promise((resolve) => client.socket.once('open', resolve));
    return client;
  }

  send<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): void {
    this.socket.send(encodeControl(type, body));
  }

  async until<T extends ControlMessage['type']>(type: T, count = 1): Promise<Extract<ControlMessage, { readonly type: T }>[]> {
    for (let i = 0; i < 2000; i += 1) {
      const found = this.control.filter((message): message is Extract<ControlMessage, { readonly type: T }> => message.type === type);
      if (found.length >= count) return found;
      await sleep(5);
    }
    throw new Error(`no ${count} x ${type} came, but ${this.control.map((message) => message.type).join(', ')}`);
  }

  async until$(what: () => boolean): Promise<void> {
    for (let i = 0; i < 2000 && !what(); i += 1) await sleep(5);
    expect(what()).toBe(true);
  }
}

describe('MaskServer', () => {
  const perceptions$ = new Subject<Perception>();
  let http: Server;
  let server: MaskServer;
  let url = '';
  const clients: HandClient[] = [];

  async function start(options: Partial<MaskServerOptions> = {}): Promise<void> {
    server = new MaskServer({ perceptions$, ...options });
    http = createServer();
    const sockets = new WebSocketServer({ server: http, maxPayload: server.maxPayload, handleProtocols: (asked) => MaskServer.chooseProtocol(asked) });
    sockets.on('connection', (socket) => {
      server.accept(socket);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  }
  async function hello(more: Partial<ControlBodies['hello']> = {}): Promise<HandClient> {
    const client = await HandClient.open(url);
    clients.push(client);
    client.send('hello', { version: 1, flow: 'ack', ...more });
    return client;
  }

  beforeEach(() => {
    clients.length = 0;
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.terminate();
    await server.close();
    await new Promise((resolve) => http.close(resolve));
  });

  it.each([[0, 'newer client'], [2, 'newer server or an older client']])('tells a client of version %i what it speaks', async (version, hint) => {
    await start();
    const client = await hello({ version });
    const [error] = await client.until('error');
    expect(error).toMatchObject({ code: 'version', versions: [1], final: true, hint: expect.stringContaining(hint) });
    await client.until$(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 4426 });
  });

  it('tells a client that offers a subprotocol of another version', async () => {
    await start();
    const client = await HandClient.open(url, ['sextant.masks.v9', 'sextant.masks']);
    clients.push(client);
    expect((await client.until('error'))[0]).toMatchObject({ code: 'version', versions: [1], final: true });
  });

  it('refuses a wrong token, and takes the right one', async () => {
    await start({ checkToken: (token) => token === 'right' });
    for (const [token, message] of [['wrong', 'the token is wrong'], [undefined, 'a token is needed']] as const) {
      const client = await hello(token === undefined ? {} : { token });
      expect((await client.until('error'))[0]).toMatchObject({ code: 'unauthorized', message, final: true });
      await client.until$(() => client.closed?.code === 4401);
      expect(client.data).toEqual([]);
    }
    const client = await hello({ token: 'right' });
    expect((await client.until('welcome'))[0].limits.maxStreams).toBe(64);
  });

  it('answers the first of 10 000 subscriptions, refuses the others in words, and hangs up on who does not stop', async () => {
    await start();
    const [greedy, other] = [await hello(), await hello()];
    await Promise.all([greedy.until('welcome'), other.until('welcome')]);
    other.send('subscribe', { id: 1, want: { kind: 'depth' } });
    for (let id = 1; id <= 10_000; id += 1) greedy.send('subscribe', { id, want: { kind: 'segmentation' } });
    await greedy.until$(() => greedy.closed !== undefined);
    expect(greedy.closed).toEqual({ code: 4429 });
    expect(greedy.control.filter(({ type }) => type === 'subscribed')).toHaveLength(64);
    const errors = greedy.control.filter((message) => message.type === 'error');
    expect(errors[0]).toMatchObject({ code: 'too-large', stream: 65, message: 'there are 64 streams already, more are not allowed' });
    expect(errors).toHaveLength(101);
    await other.until('subscribed');
    perceptions$.next(perception(1));
    await other.until$(() => other.data.length === 1);
  });

  it('refuses damaged and foreign messages one by one and goes on', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    const subscribe = encodeControl('subscribe', { id: 1, want: { kind: 'depth' } });
    const flipped = subscribe.slice();
    flipped[20] ^= 0x80;
    const broken: (string | Uint8Array)[] = [
      'text', new Uint8Array(0), subscribe.slice(0, 12), flipped, wrap('data', 1, new Uint8Array(44)), encodeControl('welcome' as 'hello', {} as never), wrap('hello', 0, new Uint8Array(70_000)), encodeAck(9),
      encodeControl('subscribe', { id: 0, want: { kind: 'depth' } }), encodeControl('subscribe', { id: 2, want: { kind: 'thoughts' as 'depth' } }), encodeControl('subscribe', { id: 2, want: { kind: 'depth', camera: 3 } }),
    ];
    for (const message of broken) client.socket.send(message);
    const errors = await client.until('error', broken.length);
    expect(errors.every(({ message, hint, final }) => message.length > 10 && hint.length > 5 && final !== true)).toBe(true);
    expect(errors.map(({ code }) => code)).toEqual(['protocol', 'protocol', 'protocol', 'protocol', 'protocol', 'protocol', 'too-large', 'protocol', 'protocol', 'protocol', 'bad-argument']);
    client.socket.send(subscribe);
    await client.until('subscribed');
    perceptions$.next(perception(1));
    await client.until$(() => client.data.length === 1);
  });

  it('ends a connection that begins with something else, and one that says nothing for too long', async () => {
    await start();
    const client = await HandClient.open(url);
    clients.push(client);
    client.socket.send(encodePing(1n));
    await client.until$(() => client.closed?.code === 4400);
    const mute = await HandClient.open(url);
    clients.push(mute);
    await mute.until$(() => mute.closed !== undefined);
    expect(mute.closed).toEqual({ code: 4408 });
    expect(server.clients).toBe(0);
  }, 20_000);

  it('encodes once for all that ask for the same, lists what is wanted, and sends deltas of a scene that stands', async () => {
    await start();
    const wanted: string[][] = [];
    server.wanted$.subscribe((set) => wanted.push([...set]));
    const three = [await hello(), await hello(), await hello()];
    for (const client of three) {
      await client.until('welcome');
      client.send('subscribe', { id: 5, want: { kind: 'segmentation', classes: [1] } });
      await client.until('subscribed');
    }
    const bodies: Uint8Array[][] = [];
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      perceptions$.next(perception(sequence));
      for (const client of three) {
        await client.until$(() => client.data.length === sequence);
        client.socket.send(encodeAck(sequence));
      }
      bodies.push(three.map(({ data }) => data[sequence - 1]));
      await sleep(20);
    }
    expect(wanted).toEqual([[], ['segmentation']]);
    expect(bodies.map(([first, ...others]) => others.every((other) => Buffer.from(first).equals(other)))).toEqual([true, true, true]);
    expect(bodies.map(([first]) => openData(first).header.key)).toEqual([true, false, false]);
    expect(three[0].control.filter(({ type }) => type === 'classes')).toHaveLength(1);
    for (const client of three) client.send('unsubscribe', { id: 5 });
    await three[0].until$(() => wanted.length === 3);
    expect(wanted[2]).toEqual([]);
  });

  it('sends the intrinsics of the size that was asked for, only to whoever asks, and supersets with the classes', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth', maxWidth: W / 2, intrinsics: true, group: 1 } });
    client.send('subscribe', { id: 2, want: { kind: 'depth', group: 1 } });
    client.send('subscribe', { id: 3, want: { kind: 'segmentation', group: 1 } });
    await client.until('subscribed', 3);
    perceptions$.next(perception(1, {
      camera: { width: W, height: H, distortionModel: 'none', d: [], k: [50, 0, 31.5, 0, 60, 20.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [50, 0, 31.5, 0, 0, 60, 20.5, 0, 0, 0, 1, 0], provenance: 'calibrated' },
    }));
    await client.until$(() => client.data.length === 3);
    const decoder = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    const payloads = await Promise.all(client.data.slice(0, 2).map(async (message) => (await decoder.decode(message)).payload));
    expect(payloads[0]).toMatchObject({ width: W / 2, intrinsics: { fx: 25, fy: 30, cx: 15.5, cy: 10, provenance: 'calibrated' } });
    expect(payloads[1]).not.toHaveProperty('intrinsics');
    const [{ classes }] = await client.until('classes');
    expect(classes.map(({ superset }) => superset?.name)).toEqual([undefined, 'person']);
  });

  it('takes wishes of what is to be found by name, tells what became of them, and sends it as a segmentation of its own', async () => {
    const asked: string[] = [];
    const state$ = new BehaviorSubject<Prompted>({ phrase: '' });
    await start({ prompt: { state$, ask: (phrase) => { asked.push(phrase); state$.next({ phrase }); } } });
    const referred: boolean[] = [];
    server.referredWanted$.subscribe((yes) => referred.push(yes));
    const [client, older] = [await hello({ prompts: true }), await hello()];
    expect((await client.until('welcome'))[0]).toMatchObject({ prompts: true });
    await older.until('welcome');
    client.send('prompt', { phrase: 'the two dogs' });
    expect((await client.until('prompted', 2)).map(({ phrase }) => phrase)).toEqual(['', 'the two dogs']);
    expect(asked).toEqual(['the two dogs']);
    client.send('subscribe', { id: 1, want: { kind: 'segmentation', referred: true } });
    older.send('subscribe', { id: 1, want: { kind: 'segmentation' } });
    await Promise.all([client.until('subscribed'), older.until('subscribed')]);
    expect(referred).toEqual([false, true]);
    const probability = Float32Array.from({ length: W * H }, (_, i) => (i < W ? 0.9 : 0.1));
    perceptions$.next(perception(1)); // nothing is found yet: nothing to send
    perceptions$.next({ ...perception(2), referred: { width: W, height: H, phrase: 'the two dogs', probability, threshold: 0.5, regions: Uint16Array.from(probability, (p) => (p > 0.5 ? 1 : 0)), count: 1 } });
    await client.until$(() => client.data.length === 1);
    await older.until$(() => older.data.length > 0);
    const decoder = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    const { header, payload } = await decoder.decode(client.data[0]);
    expect([header.sequence, payload.kind === 'segmentation' && payload.labels.reduce((sum, id) => sum + id, 0)]).toEqual([2, W]);
    const [table] = await client.until('classes');
    expect(table).toMatchObject({ phrase: 'the two dogs', classes: [{ name: 'background' }, { name: 'the two dogs' }] });
    expect((await older.until('classes'))[0]).not.toHaveProperty('phrase');
    expect(older.control.map(({ type }) => type)).not.toContain('prompted');
    client.send('unsubscribe', { id: 1 });
    await client.until$(() => referred.length === 3);
    expect(referred[2]).toBe(false);
  });

  it('refuses wishes where nothing can be found by name', async () => {
    await start();
    const client = await hello({ prompts: true });
    expect((await client.until('welcome'))[0]).not.toHaveProperty('prompts');
    client.send('prompt', { phrase: 'a dog' });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'unsupported' });
  });

  it('holds back what a client has not acknowledged, sends the newest when it does, and tells what was dropped', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth' } });
    await client.until('subscribed');
    for (let sequence = 1; sequence <= 20; sequence += 1) perceptions$.next(perception(sequence));
    await sleep(50);
    expect(client.data.map((message) => openData(message).header.sequence)).toEqual([1]);
    client.socket.send(encodeAck(1));
    await client.until$(() => client.data.length === 2);
    expect(openData(client.data[1]).header.sequence).toBe(20);
    const stats = (await client.until('stats')).at(-1)!;
    expect(stats.streams[0]).toMatchObject({ id: 1, dropped: 18 });
  });

  it('sends urgent streams first', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth', priority: 9 } });
    client.send('subscribe', { id: 2, want: { kind: 'segmentation', priority: 0 } });
    await client.until('subscribed', 2);
    for (let round = 1; round <= 6; round += 1) {
      perceptions$.next(perception(round));
      await client.until$(() => client.data.length === round);
      perceptions$.next(perception(100 + round)); // both wait now
      client.socket.send(encodeAck(round));
    }
    const ids = client.data.map((message) => openData(message).header.stream);
    expect(ids.slice(1).every((id) => id === 2)).toBe(true);
  });

  describe('cameras of clients', () => {
    const perceive = (frames$: Observable<Frame>, wanted$: Observable<readonly Modality[]>): Observable<Perception> =>
      frames$.pipe(withLatestFrom(wanted$), map(([frame, wanted]) => ({ ...perception(frame.sequence, frame), ...(!wanted.includes('depth') && { depth: undefined }) })));
    const jpeg = (width = W, height = H): Promise<Buffer> => sharp({ create: { width, height, channels: 3, background: '#884422' } }).jpeg().toBuffer();
    const picture = async (sequence: number, more = {}): Promise<Uint8Array> =>
      encodeCameraPicture({ camera: 1, stamp: 5n, sequence, width: W, height: H, mediaType: 'image/jpeg', data: await jpeg(), ...more });

    it('come back as results of their own stamp and number', async () => {
      await start({ perceive });
      const client = await hello();
      await client.until('welcome');
      client.send('openCamera', { camera: 1 });
      await client.until('cameraState');
      client.send('subscribe', { id: 3, want: { kind: 'depth', camera: 1 } });
      await client.until('subscribed');
      client.socket.send(await picture(77, { stamp: -9n }));
      await client.until$(() => client.data.length === 1);
      expect(openData(client.data[0]).header).toMatchObject({ stream: 3, kind: 'depth', sequence: 77, stamp: -9n });
      expect((await client.until('cameraState', 2)).at(-1)).toMatchObject({ camera: 1, received: 1, estimated: 1, dropped: 0 });
    });

    it('are refused where they are too large, no pictures or too many, and the rest goes on', async () => {
      await start({ perceive, limits: { maxCameraPixels: 10_000, maxMessageBytes: 50_000 } });
      const client = await hello();
      await client.until('welcome');
      client.send('openCamera', { camera: 1 });
      client.send('openCamera', { camera: 2 });
      client.send('openCamera', { camera: 3 });
      expect((await client.until('error'))[0]).toMatchObject({ code: 'too-large', camera: 3 });
      client.socket.send(await picture(1, { width: 4000, height: 4000 })); // says it is huge
      client.socket.send(wrap('camera', 1, new Uint8Array(60_000))); // is huge
      await client.until('error', 3);
      client.socket.send(await picture(2, { data: Uint8Array.of(1, 2, 3) }));
      await client.until('error', 4);
      client.socket.send(await picture(3, { data: await jpeg(900, 900) })); // is larger than it says
      const errors = await client.until('error', 5);
      expect(errors.slice(1).map(({ code }) => code).sort()).toEqual(['source-corrupt', 'source-corrupt', 'too-large', 'too-large']);
      client.send('subscribe', { id: 3, want: { kind: 'depth', camera: 1 } });
      await client.until('subscribed');
      client.socket.send(await picture(4));
      await client.until$(() => client.data.length === 1);
    });

    it('end a connection that sends far more than any message may have', async () => {
      await start({ perceive, limits: { maxMessageBytes: 50_000 } });
      const client = await hello();
      await client.until('welcome');
      client.socket.send(new Uint8Array(200_000));
      await client.until$(() => client.closed?.code === 1009);
    });

    it('end with their streams when the model fails, and give their place back', async () => {
      let fail = true;
      await start({ maxCameras: 1, perceive: (frames$, wanted$) => (fail ? throwError(() => new SextantError('model-missing', 'not yet', { hint: 'Wait.' })) : perceive(frames$, wanted$)) });
      const client = await hello();
      await client.until('welcome');
      client.send('openCamera', { camera: 1 });
      expect((await client.until('error'))[0]).toMatchObject({ code: 'model-missing', camera: 1 });
      fail = false;
      client.send('openCamera', { camera: 1 });
      await client.until('cameraState');
      client.send('openCamera', { camera: 2 });
      expect((await client.until('error', 2))[1]).toMatchObject({ code: 'too-large', camera: 2 });
      client.send('closeCamera', { camera: 1 });
      client.send('openCamera', { camera: 2 });
      expect((await client.until('cameraState', 2))[1]).toMatchObject({ camera: 2, received: 0 });
    });

    it('are refused by a server without a model for them', async () => {
      await start();
      const client = await hello();
      expect((await client.until('welcome'))[0].limits.maxCameras).toBe(0);
      client.send('openCamera', { camera: 1 });
      expect((await client.until('error'))[0]).toMatchObject({ code: 'unsupported', camera: 1 });
    });
  });
});
