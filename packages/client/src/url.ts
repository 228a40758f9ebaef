import { SextantError } from '@sextant/core';

const PATH = '/masks';

/** The WebSocket's address: http becomes ws, https wss, an empty path `/masks`. @throws SextantError `bad-argument`. */
export function socketUrl(given: string | URL): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  let url: URL;
  try {
    url = new URL(given, base);
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

function bad(given: string, cause?: unknown): SextantError {
  return new SextantError('bad-argument', `${JSON.stringify(given)} is not the address of a server`, { hint: 'Give an address such as ws://localhost:8420.', details: { url: given }, ...(cause !== undefined && { cause }) });
}
