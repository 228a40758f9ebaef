import type { RawData, WebSocket } from 'ws';
import type { RosBridge } from '../bridge/bridge.js';

const GOING_AWAY = 1001;
/** What a close frame has room for beside its code (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;
const CLOSE_GRACE_MS = 300;
const PING_MS = 20_000;
/** Pings without an answer before a client counts as gone. */
const MISSED_PINGS = 3;

/**
 * Ends a connection whose other end is gone without a word: it answers no ping, sends nothing and reads nothing. To a slow client a
 * ping comes behind the pictures that wait for it: while it reads these, it is there.
 * @param pingMs milliseconds between pings
 */
export function endWhenGone(socket: WebSocket, pingMs = PING_MS): void {
  let unanswered = 0;
  const heard = (): void => {
    unanswered = 0;
  };
  const ping = setInterval(() => {
    if (unanswered++ >= MISSED_PINGS) {
      socket.terminate();
      return;
    }
    // The system takes what waits only as the other end reads; where nothing waits, it takes a ping to nobody too.
    const waits = socket.bufferedAmount > 0;
    socket.ping(undefined, undefined, (error?: Error | null) => {
      if (waits && error == null) heard();
    });
  }, pingMs);
  ping.unref();
  socket.on('pong', heard);
  socket.on('message', heard);
  socket.on('close', () => {
    clearInterval(ping);
  });
}

/** Ends a client's session and closes its socket; by force where the client does not answer. */
export function goodbye(socket: WebSocket, end: () => void): Promise<void> {
  end();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      socket.terminate();
    }, CLOSE_GRACE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    closeSocket(socket, GOING_AWAY, 'sextant is shutting down');
  });
}

/** Closes a socket with as much of the reason as a close frame takes, cut between characters: reasons quote what clients send. Never throws. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  const bytes = Buffer.alloc(MAX_REASON_BYTES);
  const { written } = new TextEncoder().encodeInto(reason, bytes); // whole characters only
  try {
    socket.close(code, bytes.subarray(0, written));
  } catch {
    socket.terminate(); // a code that there is not: without one the other end is told 1006
  }
}

/** One message's bytes, however ws hands them over. */
export function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Logs what ended a connection from our side (too large a message, bad UTF-8); ws has told the client by the close code. */
export function logSocketErrors(socket: WebSocket, bridge: RosBridge, transport: string): void {
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const limit = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    // A client that goes away without a word is no news.
    if (error.code?.startsWith('WS_ERR') === true) bridge.log('warning', `a ${transport} client was disconnected: ${limit ? 'it sent a message larger than this server takes' : error.message}`, { code: error.code });
  });
}
