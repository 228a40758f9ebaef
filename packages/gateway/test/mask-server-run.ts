import { afterEach, beforeEach, expect } from '@jest/globals';
import { decodeControl, encodeControl, openEnvelope } from '@sextant/core';
import type { ControlBodies, ControlMessage, Frame, Perception } from '@sextant/core';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Subject } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import { MaskServer } from '../src/masks/mask-server.js';
import type { MaskServerOptions } from '../src/masks/mask-server.js';

/** Size of the pictures and of the maps. */
export const [W, H] = [64, 48];
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Four round people 2 m away; test data only. */
export function perception(sequence: number, frame: Partial<Frame> = {}): Perception {
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
export class HandClient {
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

/** A mask server on a port of its own, for the tests of one file. */
export interface MaskServerRun {
  /** What the server's model sees. */
  readonly perceptions$: Subject<Perception>;
  /** The one that `start` started. */
  readonly server: MaskServer;
  readonly start: (options?: Partial<MaskServerOptions>) => Promise<void>;
  /** A client that has said nothing; hung up after the test. */
  readonly open: (protocols?: string[]) => Promise<HandClient>;
  /** A client that has said hello. */
  readonly hello: (more?: Partial<ControlBodies['hello']>) => Promise<HandClient>;
}

/** Closes server and clients after each test of the `describe` it is called in. */
export function maskServerRun(): MaskServerRun {
  const perceptions$ = new Subject<Perception>();
  const clients: HandClient[] = [];
  let http: Server;
  let server: MaskServer;

  beforeEach(() => {
    clients.length = 0;
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.terminate();
    await server.close();
    await new Promise((resolve) => http.close(resolve));
  });

  const open = async (protocols?: string[]): Promise<HandClient> => {
    const client = await HandClient.open(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`, protocols);
    clients.push(client);
    return client;
  };
  return {
    perceptions$,
    get server() {
      return server;
    },
    start: async (options = {}) => {
      server = new MaskServer({ perceptions$, ...options });
      http = createServer();
      const sockets = new WebSocketServer({ server: http, maxPayload: server.maxPayload, handleProtocols: (asked) => MaskServer.chooseProtocol(asked) });
      sockets.on('connection', (socket) => {
        server.accept(socket);
      });
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    },
    open,
    hello: async (more = {}) => {
      const client = await open();
      client.send('hello', { version: 1, flow: 'ack', ...more });
      return client;
    },
  };
}
