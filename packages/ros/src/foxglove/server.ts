import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { RosBridge } from '../bridge/bridge.js';
import type { Transport } from '../bridge/transport.js';
import { endWhenGone, goodbye, logSocketErrors, toBuffer } from '../rosbridge/socket.js';
import { FoxgloveSession } from './session.js';

/** Options of {@link FoxgloveServer}. */
export interface FoxgloveOptions {
  /** Bytes waiting for one client beyond which even replies are thrown away. @default 10 MB, as foxglove_bridge */
  readonly sendBufferLimit?: number;
  /** Send the frames' stamps as the time (the source is a recording). @default false */
  readonly clock?: boolean;
}

/**
 * Foxglove's WebSocket protocol (foxglove.sdk.v1, foxglove.websocket.v1) over sockets that somebody else accepted: CDR messages with
 * ros2msg schemas, what clients publish, parameters, time, the connection graph and a URDF of the camera. Attach it to a bridge, then
 * hand it sockets.
 */
export class FoxgloveServer implements Transport {
  readonly name = 'foxglove';
  readonly #options: Required<FoxgloveOptions>;
  readonly #clients = new Map<WebSocket, () => void>();
  readonly #sessionId = randomUUID();
  #bridge: RosBridge | undefined;

  constructor(options: FoxgloveOptions = {}) {
    this.#options = { sendBufferLimit: 10_000_000, clock: false, ...options };
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#clients.size;
  }

  attach(bridge: RosBridge): void {
    this.#bridge = bridge;
  }

  /** Serves one open WebSocket until it closes. */
  accept(socket: WebSocket): void {
    if (this.#bridge === undefined) throw new Error('attach the Foxglove server to a bridge before it accepts clients');
    const sink = {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send(data: Uint8Array | string, done: (error?: Error) => void, more = false) {
        if (socket.readyState === socket.OPEN) socket.send(data, { binary: typeof data !== 'string', compress: false, fin: !more }, done);
      },
    };
    const session = new FoxgloveSession(this.#bridge, sink, { sessionId: this.#sessionId, ...this.#options });
    const end = (): void => {
      this.#clients.delete(socket);
      session.close();
    };
    this.#clients.set(socket, end);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = toBuffer(data);
      if (isBinary) session.receiveBinary(bytes);
      else session.receive(bytes.toString('utf8'));
    });
    endWhenGone(socket);
    logSocketErrors(socket, this.#bridge, this.name);
    socket.on('close', end);
  }

  /** Says goodbye to every client; resolves when all sockets are closed, by force where a client does not answer. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients].map(([socket, end]) => goodbye(socket, end)));
  }
}
