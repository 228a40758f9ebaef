import {
  ClockOffset, MASK_CLOSE, MASK_PROTOCOL_VERSION, MASK_SUBPROTOCOLS, SextantError, decodeControl, decodePong, encodeAck, encodeControl, encodePing, isControl, openEnvelope,
} from '@sextant/core';
import type { ControlBodies, ControlMessage, Envelope, ErrorMessage } from '@sextant/core';
import { BehaviorSubject } from 'rxjs';
import type { ConnectionState } from './client.js';
import { Backoff } from './backoff.js';
import { platform } from './platform.js';
import type { ConnectOptions } from './requests.js';
import { unixMs } from './time.js';

const CLIENT_NAME = '@sextant/client 0.1.0';
/** Exchanges at the start, to know the clocks soon, and later on. */
const FIRST_PINGS = 5;
const FIRST_PING_MS = 100;
const PING_MS = 3000;
const OPEN_MS = 10_000;

/** What the connection tells its owner. */
export interface ConnectionEvents {
  opened(): void;
  /** A control message that is not about the connection itself. */
  control(message: ControlMessage): void;
  data(message: Uint8Array<ArrayBuffer>, envelope: Envelope): void;
  problem(error: SextantError): void;
  /** Final: nothing comes any more. */
  failed(error: SextantError): void;
}

/** One WebSocket after the other to one server, until closed or refused for good. */
export class Connection {
  readonly state$ = new BehaviorSubject<ConnectionState>({ kind: 'connecting', attempt: 1 });
  readonly #url: string;
  readonly #options: ConnectOptions;
  readonly #events: ConnectionEvents;
  readonly #backoff: Backoff;
  #clock = new ClockOffset();
  #socket: WebSocket | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #refusal: ErrorMessage | undefined;
  #socketProblem = '';
  #unanswered: number | undefined;
  #consumed = 0;
  #opened = 0;
  /** Welcomed: messages may be sent. */
  #ready = false;
  /** Whoever hears of a state or a problem may close: what goes on after telling looks here. */
  #done = false;
  readonly #online = (): void => {
    if (this.state$.value.kind === 'waiting') this.#connect();
  };

  constructor(url: string, options: ConnectOptions, events: ConnectionEvents) {
    this.#url = url;
    this.#options = options;
    this.#events = events;
    this.#backoff = new Backoff(options.reconnect ?? {});
    globalThis.addEventListener?.('online', this.#online);
    this.#connect();
  }

  /** True when messages can be sent. */
  get open(): boolean {
    return this.#ready;
  }

  get clock(): ClockOffset {
    return this.#clock;
  }

  /** Times that the connection was opened again. */
  get reconnects(): number {
    return Math.max(0, this.#opened - 1);
  }

  /** Bytes waiting in the socket. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): void {
    this.sendBytes(encodeControl(type, body));
  }

  sendBytes(message: Uint8Array<ArrayBuffer>): void {
    if (this.open) this.#socket?.send(message);
  }

  /** Says that one more data message of this connection has been used. `socket` of another connection is not told. */
  acknowledge(socket: unknown): void {
    if (socket !== this.#socket || !this.open) return;
    this.#consumed += 1;
    this.sendBytes(encodeAck(this.#consumed));
  }

  /** Identifies the connection that messages come from now. */
  get token(): unknown {
    return this.#socket;
  }

  close(): void {
    if (this.#done) return;
    this.#done = true;
    globalThis.removeEventListener?.('online', this.#online);
    this.#leave();
    this.state$.next({ kind: 'closed' });
    this.state$.complete();
  }

  #connect(): void {
    if (this.#done) return;
    this.#leave();
    this.state$.next({ kind: 'connecting', attempt: this.#backoff.attempt + 1 });
    if (this.#done) return;
    const choose = this.#options.webSocket === undefined ? platform().webSocket() : Promise.resolve(this.#options.webSocket);
    void choose.then(
      (socketClass) => {
        if (this.state$.value.kind === 'connecting' && this.#socket === undefined) this.#use(socketClass);
      },
      (error: unknown) => {
        this.#fail(SextantError.from(error));
      },
    );
  }

  #use(socketClass: NonNullable<ConnectOptions['webSocket']>): void {
    let socket: WebSocket;
    try {
      socket = new socketClass(this.#url, [...MASK_SUBPROTOCOLS]);
    } catch (error) {
      // Browsers name it so where a page of https asks for ws.
      const insecure = (error as { readonly name?: unknown } | null)?.name === 'SecurityError';
      this.#fail(SextantError.from(error, 'bad-argument', insecure
        ? 'A page of https may connect by wss:// alone: put TLS before the server (a reverse proxy), or open the page by http.'
        : 'Give an address such as ws://localhost:8420.'));
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#refusal = undefined;
    this.#socketProblem = '';
    this.#consumed = 0;
    this.#timers.push(setTimeout(() => {
      this.#lost('the server did not answer in time');
    }, OPEN_MS));
    socket.onopen = () => {
      const { token } = this.#options;
      socket.send(encodeControl('hello', { version: MASK_PROTOCOL_VERSION, client: CLIENT_NAME, flow: 'ack', prompts: true, kinds: true, ...(token !== undefined && { token }) }));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onerror = (event) => {
      this.#socketProblem = (event as { readonly message?: string }).message ?? '';
    };
    socket.onclose = ({ code, reason }) => {
      if (socket === this.#socket) this.#closed(code, reason);
    };
  }

  #receive(data: unknown): void {
    try {
      if (!(data instanceof ArrayBuffer)) throw new SextantError('protocol', 'the server sent text', { hint: 'Is this address a Sextant server?' });
      const message = new Uint8Array(data);
      const envelope = openEnvelope(message);
      if (envelope.name === 'data') this.#events.data(message, envelope);
      else if (envelope.name === 'pong') this.#pong(envelope);
      else if (isControl(envelope.name)) this.#control(decodeControl(envelope));
    } catch (error) {
      this.#events.problem(SextantError.from(error));
    }
  }

  #control(message: ControlMessage): void {
    if (message.type === 'welcome') {
      const { version, server, session, kinds, limits, prompts = false } = message;
      this.#clearTimers();
      this.#opened += 1;
      this.#backoff.reset();
      this.#clock = new ClockOffset();
      this.#unanswered = undefined;
      for (let i = 0; i < FIRST_PINGS; i += 1) this.#timers.push(setTimeout(() => { this.#ping(); }, i * FIRST_PING_MS));
      this.#timers.push(setInterval(() => { this.#ping(); }, PING_MS));
      // What was asked for goes out before the state is told: what its hearers ask for is then new, and asked for once.
      this.#ready = true;
      this.#events.opened();
      if (this.#done) return;
      this.state$.next({ kind: 'open', server: { version, server, session, kinds, limits, prompts } });
    } else if (message.type === 'kinds') {
      const state = this.state$.value;
      if (state.kind === 'open') this.state$.next({ kind: 'open', server: { ...state.server, kinds: message.kinds } });
    } else if (message.type === 'error' && message.final === true) this.#refusal = message;
    else this.#events.control(message);
  }

  #ping(): void {
    const now = unixMs();
    if (this.#unanswered !== undefined && now - this.#unanswered > (this.#options.silenceMs ?? 10_000)) {
      this.#lost(`the server has been silent for ${Math.round(now - this.#unanswered)} ms`);
      return;
    }
    this.#unanswered ??= now;
    this.sendBytes(encodePing(BigInt(Math.round(now * 1e6))));
  }

  #pong(envelope: Envelope): void {
    const { asked, heard, answered } = decodePong(envelope);
    this.#unanswered = undefined;
    this.#clock.add(Number(asked) / 1e6, Number(heard) / 1e6, Number(answered) / 1e6, unixMs());
  }

  /** The socket closed, by the server or by the network. */
  #closed(code: number, reason: string): void {
    const refusal = this.#refusal;
    if (refusal !== undefined || code === MASK_CLOSE.unauthorized || code === MASK_CLOSE.version) {
      const { code: given, message, hint } = refusal ?? { code: code === MASK_CLOSE.unauthorized ? 'unauthorized' : 'version', message: reason, hint: '' };
      const error = new SextantError(given === 'version' ? 'unsupported' : given, message, { hint, details: { closeCode: code, ...(refusal?.versions && { versions: refusal.versions }) } });
      if (given === 'unauthorized' || given === 'version') {
        this.#fail(error);
        return;
      }
      this.#wait(error);
      return;
    }
    if (code === 1009) this.#wait(new SextantError('too-large', 'the server closed the connection: a message was larger than it takes', { hint: 'Send smaller pictures.' }));
    else this.#lost(this.#socketProblem !== '' ? this.#socketProblem : code === 1001 ? 'the server is shutting down' : reason !== '' ? reason : `close code ${code}`);
  }

  #lost(why: string): void {
    const before = this.open;
    this.#wait(new SextantError('io', before ? `the connection to ${this.#url} was lost: ${why}` : `no connection to ${this.#url}: ${why}`, {
      hint: before ? 'It is being opened again.' : 'Is the server running, and does it allow pages of this origin?',
    }));
  }

  #wait(error: SextantError): void {
    this.#leave();
    this.#events.problem(error);
    if (this.#done) return;
    const retryMs = this.#options.reconnect === false ? undefined : this.#backoff.next();
    if (retryMs === undefined) {
      this.#fail(error);
      return;
    }
    this.state$.next({ kind: 'waiting', attempt: this.#backoff.attempt, retryMs, error });
    if (this.#done) return;
    this.#timers.push(setTimeout(() => {
      this.#connect();
    }, retryMs));
  }

  #fail(error: SextantError): void {
    if (this.#done) return;
    this.#leave();
    globalThis.removeEventListener?.('online', this.#online);
    this.state$.next({ kind: 'failed', error });
    this.#events.failed(error);
  }

  /** Lets go of the socket and the timers. */
  #leave(): void {
    this.#clearTimers();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => undefined; // `ws` throws errors that nobody hears
    socket.close();
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer); // also clears intervals
    this.#timers = [];
  }
}
