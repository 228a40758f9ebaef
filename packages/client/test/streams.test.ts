import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from '../src/node.js';
import type { Client, ConnectOptions, FrameResult, MaskResult } from '../src/node.js';
import type { Modality } from '@sextant/core';
import { SextantError } from '@sextant/core';
import { BehaviorSubject, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { connect as netConnect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import WebSocket from 'ws';
import { CLASSES, HEIGHT, WIDTH, frame, perception, server, sleep, until } from './server.js';

const options: ConnectOptions = { webSocket: WebSocket as unknown as NonNullable<ConnectOptions['webSocket']>, decoder: 'inline', reconnect: { minMs: 20, maxMs: 100 } };

describe('streams of a server', () => {
  let host: Awaited<ReturnType<typeof server>>;
  let client: Client;
  let sequence = 0;
  let feeding: NodeJS.Timeout;
  const wanted = new Set<string>();

  beforeEach(async () => {
    host = await server();
    host.gateway.wanted$.subscribe((set) => {
      wanted.clear();
      for (const modality of set) wanted.add(modality);
    });
    sequence = 0;
    // As the run does it: what nobody wants is not there.
    feeding = setInterval(() => host.bridge.publish(perception(frame(++sequence), [...wanted] as never)), 10);
    client = connect(host.url, options);
  });
  afterEach(async () => {
    client.close();
    clearInterval(feeding);
    await host.close();
  });

  it('asks once for what is subscribed to while the open connection is being told', async () => {
    const [got, problems]: [MaskResult[], SextantError[]] = [[], []];
    client.errors$.subscribe((error) => problems.push(error));
    client.state$.subscribe(({ kind }) => {
      if (kind === 'open') client.masks().subscribe((mask) => got.push(mask));
    });
    await until(() => got.length > 5);
    expect(problems).toEqual([]);
  });

  it('brings masks with classes, and the server computes them only while somebody listens', async () => {
    const got: MaskResult[] = [];
    const subscription = client.masks().subscribe((mask) => got.push(mask));
    await until(() => got.length > 10);
    // Classes come with the supersets of the world's classes of the same name.
    const groups: Readonly<Record<string, object>> = { person: { superset: { name: 'person', color: [230, 60, 60] } }, chair: { superset: { name: 'furniture', color: [160, 90, 200] } } };
    const expected = CLASSES.map((one) => ({ ...one, ...groups[one.name] }));
    for (const { sequence: at, labels, instances, classes, width, height, stamp } of got) {
      const { segmentation } = perception(frame(at));
      expect({ width, height, labels, instances, classes, stamp }).toEqual({ width: WIDTH, height: HEIGHT, labels: segmentation!.labels, instances: segmentation!.instances, classes: expected, stamp: BigInt(at) * 33_000_000n });
    }
    expect([...wanted]).toEqual(['segmentation']);
    expect(got.at(-1)!.latency).toMatchObject({ modelMs: 12 });
    expect(got.at(-1)!.latency.deliveryMs).toBeLessThan(1000);
    subscription.unsubscribe();
    await until(() => wanted.size === 0);
  });

  it('puts frames together, all parts of one stamp', async () => {
    const got: FrameResult[] = [];
    client.frames({ picture: { quality: 95 }, masks: { classes: ['person'] }, depth: true, flow: true, skeletons: true, densePose: true, rate: 25 }).subscribe((one) => got.push(one));
    await until(() => got.length >= 8);
    for (const { picture, masks, depth, flow, skeletons, densePose, sequence: at } of got) {
      for (const part of [picture, masks, depth, flow, skeletons, densePose]) expect(part?.sequence).toBe(at);
      const truth = perception(frame(at));
      expect(masks!.labels).toEqual(truth.segmentation!.labels.map((id) => (id === 1 ? 1 : 0)));
      expect(Math.abs(depth!.metres[40] / truth.depth!.metres[40] - 1)).toBeLessThan(0.001);
      expect(depth!.provenance).toBe('metric');
      expect(flow!.pixels[0]).toBe(1.5);
      expect(skeletons!.people[0]).toMatchObject({ id: 300, box: truth.skeleton!.people[0].box });
      expect(densePose!.part).toEqual(truth.densepose!.part);
      expect(picture!.jpeg!.slice(0, 2)).toEqual(Uint8Array.of(0xff, 0xd8));
    }
  });

  it('iterates over the newest, and stops the server when the loop ends', async () => {
    const seen: number[] = [];
    for await (const { sequence: at } of client.masks({ maxWidth: 24 })) {
      seen.push(at);
      await sleep(60);
      if (seen.length === 4) break;
    }
    expect(seen[3] - seen[0]).toBeGreaterThan(8); // those between were passed over, not queued
    await until(() => wanted.size === 0);
  });

  it('goes on after the server was restarted', async () => {
    const states: string[] = [];
    client.state$.subscribe(({ kind }) => states.push(kind));
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    await until(() => got.length > 2);
    const { port } = host.gateway;
    await host.close();
    await until(() => states.includes('waiting'));
    const before = got.length;
    host = await server({ port });
    host.gateway.wanted$.subscribe((set) => {
      for (const modality of set) wanted.add(modality);
    });
    await until(() => got.length > before + 2);
    expect(states.slice(0, 3)).toEqual(['connecting', 'open', 'waiting']);
    expect(states.at(-1)).toBe('open');
    expect(client.stats.reconnects).toBe(1);
  });

  it('refuses classes that are not there, with those that are, and the rest goes on', async () => {
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    const error = await new Promise<SextantError>((resolve) => {
      client.masks({ classes: ['unicorn'] }).subscribe({ error: resolve });
    });
    expect(error).toMatchObject({ code: 'bad-argument', message: 'no class is called unicorn', hint: 'Classes: background, person, chair.' });
    const before = got.length;
    await until(() => got.length > before);
  });

  it('knows the clock of the server and counts what it gets', async () => {
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    const stats = await new Promise<Client['stats']>((resolve) => {
      const subscription = client.stats$.subscribe((value) => {
        if (value.streams[0].fps === 0) return;
        subscription.unsubscribe();
        resolve(value);
      });
    });
    expect(stats.streams[0]).toMatchObject({ kind: 'masks', camera: 0 });
    expect(stats.streams[0].fps).toBeGreaterThan(10);
    expect(Math.abs(stats.clockOffsetMs!)).toBeLessThan(5); // one machine, one clock
    expect(stats.roundTripMs).toBeLessThan(100);
  });
});

describe('what goes wrong', () => {
  it('names a wrong and a missing token, and does not try again', async () => {
    const host = await server({ token: 'secret' });
    for (const [token, words] of [['wrong', 'the token is wrong'], [undefined, 'a token is needed']] as const) {
      const client = connect(host.url, { ...options, ...(token !== undefined && { token }) });
      const error = await new Promise<SextantError>((resolve) => {
        client.masks().subscribe({ error: resolve });
      });
      expect(error).toMatchObject({ code: 'unauthorized', message: words });
      expect(client.state.kind).toBe('failed');
      // Whoever comes later hears it too.
      for (const late of [client.depth(), client.frames({ picture: true, masks: true })] as Observable<unknown>[]) {
        let heard: unknown;
        late.subscribe({ error: (told: unknown) => { heard = told; } });
        expect(heard).toBe(error);
      }
      let problem: SextantError | undefined;
      client.errors$.subscribe((told) => (problem = told));
      client.prompt('a dog');
      expect(problem).toMatchObject({ code: 'unauthorized', message: `nothing can be looked for: ${words}` });
      client.close();
    }
    const right = connect(host.url, { ...options, token: 'secret' });
    await until(() => right.state.kind === 'open');
    right.close();
    await host.close();
  });

  it('gives up after as many attempts as allowed where nobody listens', async () => {
    const client = connect('ws://127.0.0.1:9', { ...options, reconnect: { minMs: 5, attempts: 2 } });
    const error = await new Promise<SextantError>((resolve) => {
      client.depth().subscribe({ error: resolve });
    });
    expect(error).toMatchObject({ code: 'io' });
    expect(error.message).toContain('ECONNREFUSED');
    client.close();
  });

  it('notices a line that went silent without a word, and goes on over a new one', async () => {
    const host = await server();
    const sockets: Socket[] = [];
    let silent = false;
    const proxy = createServer((near) => {
      const far = netConnect(host.gateway.port, '127.0.0.1');
      sockets.push(near, far);
      for (const [from, to] of [[near, far], [far, near]] as const) {
        from.on('error', () => undefined);
        from.on('data', (data) => {
          if (!silent || sockets.indexOf(near) >= 2) to.write(data);
        });
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const client = connect(`ws://127.0.0.1:${(proxy.address() as AddressInfo).port}`, { ...options, silenceMs: 500 });
    const got: MaskResult[] = [];
    const problems: string[] = [];
    client.errors$.subscribe(({ message }) => problems.push(message));
    client.masks().subscribe((mask) => got.push(mask));
    let sequence = 0;
    const feeding = setInterval(() => host.bridge.publish(perception(frame(++sequence))), 20);
    await until(() => got.length > 2);
    silent = true;
    await until(() => problems.length > 0, 10_000);
    expect(problems[0]).toMatch(/was lost: the server has been silent for \d+ ms/);
    const before = got.length;
    await until(() => got.length > before + 2);
    clearInterval(feeding);
    client.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await host.close();
  }, 30_000);

  it('does not bring a server down with a path that is no path', async () => {
    const host = await server();
    for (const path of ['//', '///masks', '/masks?token=%ff', '/nowhere']) {
      const socket = netConnect(host.gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
      const answer = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => {
        resolve(data.toString('latin1'));
      }));
      expect(answer).toMatch(/^HTTP\/1.1 (101|404)/);
      socket.destroy();
    }
    const client = connect(host.url, options);
    await until(() => client.state.kind === 'open');
    client.close();
    await host.close();
  });

  it('refuses addresses that are none', () => {
    expect(() => connect('ftp://robot')).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    expect(() => connect('robot')).toThrow(/"robot" is not the address/);
  });

  it('is told what can be asked for when that changes, and streams of what is gone fail', async () => {
    const modalities = new BehaviorSubject<readonly Modality[]>(['segmentation', 'depth']);
    const host = await server({ modalities });
    const client = connect(host.url, options);
    const kinds: string[] = [];
    client.state$.subscribe((state) => {
      if (state.kind === 'open') kinds.push(state.server.kinds.join());
    });
    await until(() => kinds.length === 1);
    const [errors, frames]: [SextantError[], FrameResult[]] = [[], []];
    client.frames({ masks: true, depth: true }).subscribe({ error: (error: SextantError) => errors.push(error) });
    client.frames({ depth: true }).subscribe({ next: (one) => frames.push(one), error: (error: SextantError) => errors.push(error) });
    let computed: ReadonlySet<Modality> = new Set();
    host.gateway.wanted$.subscribe((now) => (computed = now));
    await until(() => computed.size === 2);
    await sleep(20); // the third, right behind the first two
    modalities.next(['depth']);
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ code: 'unsupported', message: 'this server computes no segmentation any more' });
    host.bridge.publish(perception(frame(1), ['depth']));
    await until(() => frames.length === 1);
    modalities.next([]);
    await until(() => errors.length === 2);
    expect(kinds).toEqual(['rgb,depth,segmentation', 'rgb,depth', 'rgb']);
    client.close();
    await host.close();
  });

  it('says once why a camera was refused, and ends its streams', async () => {
    const refusal = new SextantError('model-missing', 'no model', { hint: 'Load one.' });
    const host = await server({ perceive: () => throwError(() => refusal) });
    const browser = globalThis as Record<string, unknown>;
    Object.assign(browser, { createImageBitmap: () => undefined, MediaStreamTrackProcessor: class {} });
    const client = connect(host.url, options);
    try {
      const [problems, ends]: [unknown[], unknown[]] = [[], []];
      client.errors$.subscribe(({ code, message }) => problems.push([code, message]));
      const track = { kind: 'video', addEventListener: () => undefined, removeEventListener: () => undefined, getSettings: () => ({}) };
      client.camera(track as unknown as MediaStreamTrack).pictures().subscribe({ complete: () => ends.push('pictures') });
      await until(() => problems.some((problem) => (problem as string[])[1] === 'no model'));
      await sleep(20);
      expect(problems.filter((problem) => (problem as string[])[0] === 'model-missing')).toHaveLength(1);
      expect(ends).toEqual(['pictures']);
    } finally {
      delete browser['createImageBitmap'];
      delete browser['MediaStreamTrackProcessor'];
      client.close();
      await host.close();
    }
  });

  it('keeps the last wish until there is a connection', async () => {
    const asked: string[] = [];
    const host = await server({ prompt: { state$: new BehaviorSubject({ phrase: '' }), ask: (phrase) => asked.push(phrase) } });
    const client = connect(host.url, options);
    client.prompt('a cat');
    client.prompt('the two dogs');
    client.state$.subscribe(({ kind }) => {
      if (kind === 'open') client.prompt('a chair');
    });
    await until(() => asked.length > 1);
    expect(asked).toEqual(['the two dogs', 'a chair']);
    client.close();
    await host.close();
  });

  it('ends streams when closed', async () => {
    const host = await server();
    const client = connect(host.url, options);
    let completed = false;
    client.masks().subscribe({ complete: () => (completed = true) });
    await until(() => client.state.kind === 'open');
    client.close();
    client.close();
    expect(completed).toBe(true);
    expect(client.state.kind).toBe('closed');
    const ended: string[] = [];
    client.masks().subscribe({ complete: () => ended.push('masks') });
    client.frames({ depth: true }).subscribe({ complete: () => ended.push('frames') });
    expect(ended).toEqual(['masks', 'frames']);
    await until(() => host.gateway.clients === 0);
    await host.close();
  });
});
