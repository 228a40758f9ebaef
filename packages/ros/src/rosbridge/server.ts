import type { RawData, WebSocket } from 'ws';
import type { RosBridge } from '../bridge/bridge.js';
import type { Transport } from '../bridge/transport.js';
import type { Encoded } from '../bridge/publication.js';
import type { Sink } from './outbox.js';
import { RosbridgeSession } from './session.js';
import { endWhenGone, goodbye, logSocketErrors, toBuffer } from './socket.js';

/** Largest message a client may send, bytes; ws closes the connection with code 1009 beyond it. */
export const MAX_CLIENT_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * rosbridge v2 over WebSockets that somebody else accepted (the gateway upgrades them; give the WebSocketServer
 * `maxPayload: MAX_CLIENT_MESSAGE_BYTES`). Attach it to a bridge, then hand it sockets.
 */
export class RosbridgeServer implements Transport {
  readonly name = 'rosbridge';
  readonly #clients = new Map<WebSocket, () => void>();
  #bridge: RosBridge | undefined;

  /** Clients connected now. */
  get clients(): number {
    return this.#clients.size;
  }

  attach(bridge: RosBridge): void {
    this.#bridge = bridge;
  }

  /** Serves one open WebSocket until it closes. */
  accept(socket: WebSocket): void {
    if (this.#bridge === undefined) throw new Error('attach the rosbridge server to a bridge before it accepts clients');
    const session = new RosbridgeSession(this.#bridge, sinkOf(socket));
    const end = (): void => {
      this.#clients.delete(socket);
      session.close();
    };
    this.#clients.set(socket, end);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = toBuffer(data);
      if (isBinary) session.receiveBinary(bytes.length);
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

function sinkOf(socket: WebSocket): Sink {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(data: Encoded, done: (error?: Error) => void, more = false) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(data, { binary: typeof data !== 'string', compress: false, fin: !more }, done);
    },
  };
}
