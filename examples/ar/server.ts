import { SextantError, connect } from '@sextant/client';
import type { Client } from '@sextant/client';

/** The server: `?server=ws://robot:8420` in the address of the page, else the one of `npm start`. */
export const SERVER = new URL(location.href).searchParams.get('server') ?? 'ws://127.0.0.1:8420';

/**
 * Connects to it, and says in the page's `#status` how the connection stands and what goes wrong (a stream is refused), in words.
 * @throws SextantError `bad-argument` where `?server=` is no address; the page says so.
 */
export function connectAndTell(): Client {
  try {
    const client = connect(SERVER);
    client.state$.subscribe((state) => {
      tell(state.kind === 'open' ? '' : `${state.kind}: ${'error' in state ? wordsOf(state.error) : ''}`);
    });
    client.errors$.subscribe((error) => {
      tell(wordsOf(error));
    });
    return client;
  } catch (error) {
    tell(wordsOf(error));
    throw error;
  }
}

function tell(words: string): void {
  const status = document.querySelector('#status');
  if (status !== null) status.textContent = words;
}

function wordsOf(error: unknown): string {
  const { message, hint } = SextantError.from(error);
  return `${message}. ${hint}`;
}
