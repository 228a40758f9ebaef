import { describe, expect, it } from '@jest/globals';
import { connect } from './connect.js';
import type { Client } from './client.js';
import type { ConnectOptions } from './requests.js';

/** Sockets that close as soon as they are made, as where nobody listens. */
function refusing(): { readonly webSocket: NonNullable<ConnectOptions['webSocket']>; readonly made: number } {
  let made = 0;
  class Refused {
    bufferedAmount = 0;
    onclose: ((event: object) => void) | null = null;
    constructor() {
      made += 1;
      queueMicrotask(() => this.onclose?.({ code: 1006, reason: '' }));
    }
    close(): void {
      this.onclose = null;
    }
  }
  return {
    webSocket: Refused as unknown as NonNullable<ConnectOptions['webSocket']>,
    get made() {
      return made;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('closing a client while it is told something', () => {
  const closers: Readonly<Record<string, (client: Client) => void>> = {
    'of a lost connection': (client) => client.errors$.subscribe(() => { client.close(); }),
    'of the wait for the next attempt': (client) => client.state$.subscribe(({ kind }) => { if (kind === 'waiting') client.close(); }),
    'of the next attempt': (client) => client.state$.subscribe((state) => { if (state.kind === 'connecting' && state.attempt > 1) client.close(); }),
  };
  it.each(Object.keys(closers))('ends it: %s', async (name) => {
    const sockets = refusing();
    const client = connect('ws://robot', { webSocket: sockets.webSocket, decoder: 'inline', reconnect: { minMs: 1, maxMs: 2 } });
    closers[name](client);
    for (let i = 0; i < 200 && client.state.kind !== 'closed'; i += 1) await pause(1);
    const { made } = sockets;
    await pause(20);
    expect(client.state.kind).toBe('closed');
    expect(sockets.made).toBe(made);
  });
});
