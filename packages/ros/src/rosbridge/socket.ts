import type { RawData, WebSocket } from 'ws';

const GOING_AWAY = 1001;
const CLOSE_GRACE_MS = 300;

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
    socket.close(GOING_AWAY, 'sextant is shutting down');
  });
}

/** One message's bytes, however ws hands them over. */
export function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
