import { SextantError } from '@sextant/core';
import { inflateRawSync } from 'node:zlib';
import { usePlatform } from './platform.js';

/** The client in Node: zlib inflates, and before Node 22 the package `ws` connects. */
usePlatform({
  inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }),
  async webSocket() {
    // Typed as always there; Node 20 has it behind a flag.
    const own = globalThis.WebSocket as typeof WebSocket | undefined;
    if (own !== undefined) return own;
    try {
      const { default: ws } = await import('ws');
      return ws as unknown as typeof WebSocket;
    } catch (cause) {
      throw new SextantError('tool-missing', 'this Node has no WebSocket and the package "ws" is not installed', { hint: 'npm install ws, or use Node 22 or newer.', cause });
    }
  },
});

export * from './index.js';
