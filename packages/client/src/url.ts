import { SextantError } from '@sextant/core';

const PATH = '/masks';
/** Of `sextant run`. */
const PORT = 8420;
/** A host without a scheme, as people type it: its name or address, port, path. `robot:8431` would be read as a scheme of that name. */
const HOST = /^(\w[\w.-]*|\[[\da-f:.]+\])(:\d+)?([/?].*)?$/i;

/**
 * The WebSocket's address: http becomes ws, https wss, an empty path `/masks`. A host without a scheme is `ws://`, without a port too 8420.
 * @throws SextantError `bad-argument`.
 */
export function socketUrl(given: string | URL): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  let url: URL;
  try {
    url = new URL(withScheme(String(given)), base);
  } catch (cause) {
    throw bad(String(given), cause);
  }
  const protocol = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[url.protocol];
  if (protocol === undefined) throw bad(String(given));
  url.protocol = protocol;
  url.hash = '';
  if (url.pathname === '/') url.pathname = PATH;
  return url.href;
}

function withScheme(given: string): string {
  const [whole, host, port = `:${PORT}`, rest = ''] = HOST.exec(given) ?? [];
  return whole === undefined ? given : `ws://${host}${port}${rest}`;
}

function bad(given: string, cause?: unknown): SextantError {
  return new SextantError('bad-argument', `${JSON.stringify(given)} is not the address of a server`, { hint: 'Give an address such as ws://localhost:8420.', details: { url: given }, ...(cause !== undefined && { cause }) });
}
