import { describe, expect, it } from '@jest/globals';
import { connect } from '../src/node.js';
import type { ConnectOptions, FrameResult, MaskResult } from '../src/node.js';
import type { Modality, Prompted } from '@sextant/core';
import { SextantError } from '@sextant/core';
import { BehaviorSubject, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { connect as netConnect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import WebSocket from 'ws';
import { frame, perception, server, sleep, until } from './server.js';

const options: ConnectOptions = { webSocket: WebSocket as unknown as NonNullable<ConnectOptions['webSocket']>, decoder: 'inline', reconnect: { minMs: 20, maxMs: 100 } };

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

  it('keeps no program from ending once the connection has failed for good', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const client = connect('ws://127.0.0.1:9', { ...options, reconnect: false });
    await until(() => client.state.kind === 'failed');
    await until(() => timers() <= before, 2000);
    client.close();
  });

  it('says to a page of https that it needs wss', async () => {
    // What Chromium and Firefox throw there.
    const webSocket = class {
      constructor() {
        throw new DOMException("Failed to construct 'WebSocket': An insecure WebSocket connection may not be initiated from a page loaded over HTTPS.", 'SecurityError');
      }
    } as unknown as NonNullable<ConnectOptions['webSocket']>;
    const client = connect('ws://robot:8420', { webSocket, decoder: 'inline' });
    await until(() => client.state.kind === 'failed');
    expect(client.state).toMatchObject({ error: { code: 'bad-argument', hint: expect.stringMatching(/^A page of https may connect by wss:\/\/ alone/) } });
    client.close();
  });

  it('refuses frames of what there is not, by name', () => {
    const client = connect('ws://127.0.0.1:9', options);
    for (const misspelt of [{ mask: true, picture: true }, { pictures: true, masks: true }])
      expect(() => client.frames(misspelt)).toThrow(expect.objectContaining({ code: 'bad-argument', message: `frames() was asked for "${Object.keys(misspelt)[0]}", which there is not` }));
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
    expect(() => connect('a robot')).toThrow(/"a robot" is not the address/);
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
    Object.assign(browser, { createImageBitmap: () => undefined, MediaStreamTrackProcessor: class { readonly readable = new ReadableStream(); } });
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

  it('fails the stream whose option cannot be, alone and before anything is sent', async () => {
    const modalities: ReadonlySet<Modality>[] = [];
    const host = await server();
    host.gateway.wanted$.subscribe((now) => modalities.push(now));
    const client = connect(host.url, options);
    const problems: SextantError[] = [];
    client.errors$.subscribe((error) => problems.push(error));
    const streams: readonly (readonly [Observable<unknown>, string, string])[] = [
      [client.masks({ maxWidth: 361.5 }), 'maxWidth of a stream is 361.5', 'Give a whole number from 1 to 65535.'],
      [client.masks({ maxWidth: -5 }), 'maxWidth of a stream is -5', 'Give a whole number from 1 to 65535.'],
      [client.masks({ maxWidth: NaN }), 'maxWidth of a stream is NaN', 'Give a whole number from 1 to 65535.'],
      [client.depth({ mapping: 'foo' as 'log' }), 'mapping of a stream is "foo"', 'Give one of linear, log, inverse.'],
      [client.flow({ rate: 0 }), 'rate of a stream is 0', 'Give a number from 0.01 to 1000.'],
      [client.pictures({ quality: 500 }), 'quality of a stream is 500', 'Give a whole number from 1 to 100.'],
      [client.frames({ depth: true, picture: { quality: 500 }, masks: true }), 'quality of a stream is 500', 'Give a whole number from 1 to 100.'],
    ];
    const subscribe = async (): Promise<void> => {
      for (const [stream, message, hint] of streams) {
        const heard: unknown[] = [];
        stream.subscribe({ error: (error: unknown) => heard.push(error) });
        expect(heard).toEqual([expect.objectContaining({ code: 'bad-argument', message, hint })]);
        expect(problems.splice(0)).toEqual(heard);
      }
      await expect(client.masks({ maxHeight: 0.5 })[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'bad-argument' });
      problems.length = 0;
    };
    await subscribe();
    await until(() => client.state.kind === 'open');
    await subscribe();
    // What the frames asked for before they were refused is not left behind; others go on.
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    await until(() => modalities.at(-1)?.has('segmentation') === true);
    await until(() => modalities.at(-1)?.size === 1);
    expect(client.stats.streams.map(({ kind }) => kind)).toEqual(['masks']);
    host.bridge.publish(perception(frame(1)));
    await until(() => got.length === 1);
    expect(problems).toEqual([]);
    client.close();
    await host.close();
  });

  it('says by prompt$ that a phrase is too long, and what is looked for stays', async () => {
    const asked: string[] = [];
    const state$ = new BehaviorSubject<Prompted>({ phrase: 'a cat' });
    const host = await server({ prompt: { state$, ask: (phrase) => asked.push(phrase) } });
    const client = connect(host.url, options);
    const [told, problems]: [Prompted[], SextantError[]] = [[], []];
    client.prompt$.subscribe((prompted) => told.push(prompted));
    client.errors$.subscribe((error) => problems.push(error));
    await until(() => told.length === 1);
    client.prompt('x'.repeat(3000));
    client.prompt('y'.repeat(2000));
    await until(() => asked.length > 0);
    expect(told).toEqual([{ phrase: 'a cat' }, { phrase: 'a cat', refused: true, note: 'the prompt has 3000 characters, at most 2000 can be looked for. Say it shorter.' }]);
    expect([asked, problems]).toEqual([['y'.repeat(2000)], []]);
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
