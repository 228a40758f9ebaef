import { describe, expect, it, jest } from '@jest/globals';
import { encodeAck, encodeControl, encodePing, wrap } from '@sextant/core';
import { maskServerRun, perception } from '../../test/mask-server-run.js';

describe('MaskServer: who may come, and what is no message', () => {
  const run = maskServerRun();
  const { perceptions$, start, open, hello } = run;

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
    const client = await open(['sextant.masks.v9', 'sextant.masks']);
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
    expect(errors.map(({ code }) => code)).toEqual(['protocol', 'protocol', 'protocol', 'protocol', 'protocol', 'protocol', 'too-large', 'protocol', 'protocol', 'bad-argument', 'bad-argument']);
    client.socket.send(subscribe);
    await client.until('subscribed');
    perceptions$.next(perception(1));
    await client.until$(() => client.data.length === 1);
  });

  it('goes on for others where what ends a connection quotes a client in letters of many bytes', async () => {
    await start();
    const other = await hello();
    await other.until('welcome');
    const first = await open();
    first.send('hello', { version: 1, flow: '漢'.repeat(60) as 'ack' });
    await first.until$(() => first.closed?.code === 4400);
    expect((await first.until('error'))[0]).toMatchObject({ final: true, message: expect.stringContaining('漢漢') });
    const often = await hello();
    for (let i = 0; i <= 100; i += 1) often.send('subscribe', { id: 1, want: { kind: '漢'.repeat(80) as 'depth' } });
    await often.until$(() => often.closed?.code === 4429);
    other.send('subscribe', { id: 1, want: { kind: 'depth' } });
    await other.until('subscribed');
  });

  it('lets go of a client that is gone after four pings, not of one whose answers come late', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout', 'Date', 'performance', 'hrtime'] });
    try {
      await start();
      const [gone, late] = [await hello(), await hello()];
      await Promise.all([gone.until('welcome'), late.until('welcome')]);
      for (let i = 0; i < 3; i += 1) {
        const pinged = Promise.all([gone, late].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve))));
        jest.advanceTimersByTime(10_000);
        await pinged;
      }
      const answered = new Promise((resolve) => late.socket.once('message', resolve));
      late.socket.pong();
      late.socket.send(encodePing(1n)); // answered after the pong was read
      await answered;
      jest.advanceTimersByTime(10_000);
      await gone.until$(() => gone.closed !== undefined);
      expect([gone.closed, late.closed]).toEqual([{ code: 1006 }, undefined]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends a connection that begins with something else, and one that says nothing for too long', async () => {
    await start();
    const client = await open();
    client.socket.send(encodePing(1n));
    await client.until$(() => client.closed?.code === 4400);
    const mute = await open();
    await mute.until$(() => mute.closed !== undefined);
    expect(mute.closed).toEqual({ code: 4408 });
    expect(run.server.clients).toBe(0);
  }, 20_000);
});
