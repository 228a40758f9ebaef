import { describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createBridge } from '../bridge/bridge.js';
import { FoxgloveServer } from '../foxglove/server.js';
import { RosbridgeServer } from './server.js';
import { closeSocket } from './socket.js';

const PING_MS = 20_000;

describe.each([['Foxglove', FoxgloveServer], ['rosbridge', RosbridgeServer]] as const)('a client of %s', (_name, Server) => {
  it('that reads slowly stays, though no answer comes through; one that reads nothing is let go of', async () => {
    const listener = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(listener, 'listening');
    const bridge = createBridge();
    const server = bridge.attach(new Server());
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout', 'Date', 'performance', 'hrtime'] });
    const connect = async (): Promise<{ client: WebSocket; socket: WebSocket }> => {
      const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`, { autoPong: false });
      client.on('error', () => undefined);
      const [[socket]] = (await Promise.all([once(listener, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
      server.accept(socket);
      client.pause();
      return { client, socket };
    };
    try {
      const [slow, stuck] = [await connect(), await connect()];
      const gone = once(stuck.socket, 'close');
      const much = Buffer.alloc(16 << 20); // more than the system keeps for a connection
      stuck.socket.send(much);
      for (let i = 0; i < 6; i += 1) {
        slow.client.pause();
        slow.socket.send(much);
        expect(slow.socket.bufferedAmount).toBeGreaterThan(0);
        jest.advanceTimersByTime(PING_MS);
        const pinged = once(slow.client, 'ping');
        slow.client.resume();
        await pinged;
        while (slow.socket.bufferedAmount > 0) await new Promise(setImmediate);
      }
      await gone;
      expect(slow.socket.readyState).toBe(WebSocket.OPEN);
      expect(server.clients).toBe(1);
    } finally {
      jest.useRealTimers();
      for (const socket of listener.clients) socket.terminate();
      listener.close();
      await bridge.close();
    }
  });

  it('that answers no ping is let go of, one that does stays', async () => {
    const listener = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(listener, 'listening');
    const bridge = createBridge();
    const server = bridge.attach(new Server());
    // Sockets are real; only the pings' time is not.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout', 'Date', 'performance', 'hrtime'] });
    const connect = async (autoPong: boolean): Promise<WebSocket> => {
      const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`, { autoPong });
      client.on('error', () => undefined);
      const [socket] = (await once(listener, 'connection')) as [WebSocket];
      server.accept(socket);
      return socket;
    };
    try {
      const [silent, alive] = [await connect(false), await connect(true)];
      const gone = once(silent, 'close');
      for (let i = 0; i < 4; i += 1) {
        expect(silent.readyState).toBe(WebSocket.OPEN);
        const answered = once(alive, 'pong');
        jest.advanceTimersByTime(PING_MS);
        await answered;
      }
      await gone;
      expect(server.clients).toBe(1);
      expect(alive.readyState).toBe(WebSocket.OPEN);
    } finally {
      jest.useRealTimers();
      for (const socket of listener.clients) socket.terminate();
      listener.close();
      await bridge.close();
    }
  });
});

describe('closeSocket', () => {
  it.each([
    ['short', 4400, 'short'],
    // 123 bytes at most, and whole characters: 漢 has 3, 🙂 has 4.
    ['漢'.repeat(60), 4400, '漢'.repeat(41)],
    [`ab${'🙂'.repeat(60)}`, 4400, `ab${'🙂'.repeat(30)}`],
    ['of a code that there is not', 5, ''],
  ])('tells of %s with %i what a close frame takes', async (reason, code, told) => {
    const listener = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(listener, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    const [socket] = (await once(listener, 'connection')) as [WebSocket];
    const closed = once(client, 'close');
    closeSocket(socket, code, reason);
    const [seen, text] = (await closed) as [number, Buffer];
    expect([seen, text.toString()]).toEqual([code === 5 ? 1006 : code, told]);
    listener.close();
  });
});
