import type { Client, ConnectionState, SextantError } from '@sextant/client';
import { connect } from '@sextant/client';

const TOKEN_KEY = 'sextant:token';

/** Who hears of the connection. */
export interface ConnectionEvents {
  /** Another client, after a new token or another attempt; the one before is closed. */
  client(client: Client): void;
  state(state: ConnectionState): void;
  /** Something went wrong and was survived. */
  error(error: SextantError): void;
}

/** The connection to the server that this page came from, and the token it asks for. */
export class Connection {
  readonly #events: ConnectionEvents;
  #client: Client | undefined;
  #stop = (): void => {};

  constructor(events: ConnectionEvents) {
    this.#events = events;
  }

  /** Connects, or connects anew. @param token kept for this tab */
  open(token?: string): void {
    this.close();
    if (token !== undefined) keepToken(token);
    const given = keptToken();
    const client = connect(new URL('masks', location.href), given === null ? {} : { token: given });
    this.#client = client;
    this.#events.client(client);
    const subscriptions = [
      client.state$.subscribe((state) => {
        this.#events.state(state);
      }),
      client.errors$.subscribe((error) => {
        this.#events.error(error);
      }),
    ];
    this.#stop = () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }

  close(): void {
    this.#stop();
    this.#client?.close();
    this.#client = undefined;
  }
}

function keepToken(token: string): void {
  try {
    sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    memory = token;
  }
}

/** For browsers that keep nothing. */
let memory: string | null = null;

/** The token of the address goes out of it at once: addresses are copied, shown and kept in histories. */
function keptToken(): string | null {
  const url = new URL(location.href);
  const given = url.searchParams.get('token');
  if (given !== null) {
    keepToken(given);
    url.searchParams.delete('token');
    history.replaceState(null, '', url);
  }
  try {
    return sessionStorage.getItem(TOKEN_KEY) ?? memory;
  } catch {
    return memory;
  }
}
