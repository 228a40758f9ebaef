import type { Inflate } from '@sextant/core';

/** What differs between browsers and Node. */
export interface Platform {
  readonly inflate: Inflate;
  /** The WebSocket class; asked for at each connection, so that a missing package is an error of that. */
  webSocket(): Promise<new (url: string, protocols: string[]) => WebSocket>;
}

/**
 * Inflates raw deflate with the browser's own `DecompressionStream` into a buffer of the declared size, and gives up at the first byte beyond.
 * @throws Error for data that is damaged or of another size.
 */
export async function inflateInBrowser(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  // Errors come out at the reader.
  writer.write(packed as Uint8Array<ArrayBuffer>).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const raw = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (filled + value.length > size) {
      reader.cancel().catch(() => undefined);
      throw new Error(`more than the ${size} bytes declared`);
    }
    raw.set(value, filled);
    filled += value.length;
  }
  if (filled !== size) throw new Error(`${filled} of the ${size} bytes declared`);
  return raw;
}

const browser: Platform = { inflate: inflateInBrowser, webSocket: () => Promise.resolve(globalThis.WebSocket) };
let current = browser;

/** The platform in use: the browser's unless `@sextant/client` was loaded by Node. */
export function platform(): Platform {
  return current;
}

/** @internal */
export function usePlatform(other: Platform): void {
  current = other;
}
