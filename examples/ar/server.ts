import type { Client } from '@sextant/client';

/** The server: `?server=ws://robot:8420` in the address of the page, else the one of `npm start`. */
export const SERVER = new URL(location.href).searchParams.get('server') ?? 'ws://127.0.0.1:8420';

/** Says in the page's `#status` how the connection stands, in words. */
export function tellState(client: Client): void {
  const status = document.querySelector('#status');
  client.state$.subscribe((state) => {
    const words = 'error' in state ? `${state.error.message}. ${state.error.hint}` : '';
    if (status !== null) status.textContent = state.kind === 'open' ? '' : `${state.kind}: ${words}`;
  });
}
