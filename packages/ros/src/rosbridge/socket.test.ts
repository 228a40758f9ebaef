import { describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createBridge } from '../bridge/bridge.js';
import { FoxgloveServer } from '../foxglove/server.js';
import { RosbridgeServer } from './server.js';

const PING_MS = 20_000;

describe.each([['Foxglove', FoxgloveServer], ['rosbridge', RosbridgeServer]] as const)('a client of %s', (_name, Server) => {
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
