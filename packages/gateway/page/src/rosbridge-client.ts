import { Decoder } from 'cbor-x/decode-no-eval';

/** What the connection is doing, for people. */
export interface ConnectionState { readonly kind: 'connecting' | 'live' | 'lost' | 'token'; readonly text: string }

type Listener = (message: unknown) => void;

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/**
 * A small rosbridge client: subscriptions in CBOR that survive reconnection. A topic is subscribed at the server while
 * somebody listens to it here, and no longer: what nobody looks at is not computed.
 */
export class RosbridgeClient {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #throttles = new Map<string, number>();
  readonly #decoder = new Decoder({ useRecords: false, mapsAsObjects: true });
  readonly #onState: (state: ConnectionState) => void;
  #socket: WebSocket | undefined;
  #token: string | null;
  #retryMs = FIRST_RETRY_MS;
  #timer = 0;

  constructor(token: string | null, onState: (state: ConnectionState) => void) {
    this.#token = token;
    this.#onState = onState;
    this.#connect();
  }

  /** Takes another token and connects at once. */
  useToken(token: string): void {
    this.#token = token;
    this.#retryMs = FIRST_RETRY_MS;
    this.#connect();
  }

  /** Listens to a topic; the returned function stops. */
  listen(topic: string, throttleMs: number, listener: Listener): () => void {
    const known = this.#listeners.get(topic);
    const listeners = known ?? new Set<Listener>();
    listeners.add(listener);
    if (known === undefined) {
      this.#listeners.set(topic, listeners);
      this.#throttles.set(topic, throttleMs);
      this.#subscribe(topic);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(topic) !== listeners) return;
      this.#listeners.delete(topic);
      this.#send({ op: 'unsubscribe', id: topic, topic });
    };
  }

  #subscribe(topic: string): void {
    this.#send({ op: 'subscribe', id: topic, topic, compression: 'cbor', throttle_rate: this.#throttles.get(topic) ?? 0 });
  }

  #send(operation: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(operation));
  }

  #query(): string {
    return this.#token === null ? '' : `?token=${encodeURIComponent(this.#token)}`;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    if (this.#socket !== undefined) this.#socket.onclose = null;
    this.#socket?.close();
    const { protocol, host } = location;
    const socket = new WebSocket(`${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/rosbridge${this.#query()}`);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#onState({ kind: 'live', text: 'Connected' });
      for (const topic of this.#listeners.keys()) this.#subscribe(topic);
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      this.#receive(typeof data === 'string' ? JSON.parse(data) : this.#decoder.decode(new Uint8Array(data)));
    };
    socket.onclose = () => {
      void this.#lost();
    };
  }

  #receive(operation: { op?: string; topic?: string; msg?: unknown }): void {
    if (operation.op === 'publish') for (const listener of this.#listeners.get(operation.topic ?? '') ?? []) listener(operation.msg);
    else if (operation.op === 'status') this.#onState({ kind: 'live', text: `The server says: ${String(operation.msg)}` });
  }

  async #lost(): Promise<void> {
    // A browser does not say why a WebSocket was refused; a plain request does.
    const status = await fetch(`topics${this.#query()}`).then((r) => r.status, () => 0);
    if (status === 401) {
      this.#onState({ kind: 'token', text: this.#token === null ? 'A token is needed' : 'The token was refused' });
      return;
    }
    const seconds = Math.max(1, Math.round(this.#retryMs / 1000));
    this.#onState({ kind: 'lost', text: `Connection lost, trying again in ${seconds} s` });
    this.#timer = window.setTimeout(() => {
      this.#onState({ kind: 'connecting', text: 'Reconnecting' });
      this.#connect();
    }, this.#retryMs);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }
}
