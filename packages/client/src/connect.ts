import { MAX_PHRASE, SextantError } from '@sextant/core';
import type { ControlMessage, Envelope, Prompted, SegmentationClass } from '@sextant/core';
import { ReplaySubject, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import { CameraUplink } from './camera/camera-uplink.js';
import type { CameraLink, Client, ClientStats, ConnectionState } from './client.js';
import { Connection } from './connection.js';
import { Decoder } from './decoder/decoder.js';
import type { CameraOptions, ConnectOptions } from './requests.js';
import { StreamMaker } from './stream-maker.js';
import { Subscriptions } from './subscriptions.js';
import { unixMs } from './time.js';
import { socketUrl } from './url.js';

const STATS_MS = 1000;

/** The client behind `connect`. */
class SextantClient extends StreamMaker implements Client {
  readonly url: string;
  readonly state$: Observable<ConnectionState>;
  readonly classes$: Observable<readonly SegmentationClass[]>;
  readonly prompt$: Observable<Prompted>;
  readonly errors$: Observable<SextantError>;
  readonly stats$: Observable<ClientStats>;
  readonly #connection: Connection;
  readonly #decoder: Decoder;
  readonly #classes = new ReplaySubject<readonly SegmentationClass[]>(1);
  readonly #prompts = new ReplaySubject<Prompted>(1);
  /** What is looked for, as far as the server has told. */
  #phrase = '';
  readonly #errors = new Subject<SextantError>();
  readonly #stats = new Subject<ClientStats>();
  readonly #cameras = new Map<number, CameraUplink>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ends: (() => void)[] = [];
  #lastCamera = 0;
  /** What shall be looked for once the connection is open. */
  #wish: string | undefined;
  #closed = false;

  constructor(url: string, options: ConnectOptions) {
    const problem = (error: SextantError): void => {
      this.#errors.next(error);
    };
    const decoder = new Decoder(options.decoder ?? 'auto', options.maxPixels, (error) => {
      queueMicrotask(() => {
        problem(error);
      });
    });
    const subscriptions = new Subscriptions(() => this.#connection, decoder, problem);
    super(subscriptions);
    this.url = url;
    this.#decoder = decoder;
    this.classes$ = this.#classes.asObservable();
    this.prompt$ = this.#prompts.asObservable();
    this.errors$ = this.#errors.asObservable();
    this.stats$ = this.#stats.asObservable();
    this.#connection = new Connection(url, options, {
      opened: () => {
        subscriptions.opened();
        for (const camera of this.#cameras.values()) camera.opened();
      },
      control: (message) => {
        this.#control(message);
      },
      data: (message: Uint8Array<ArrayBuffer>, envelope: Envelope) => {
        subscriptions.data(message, envelope);
      },
      problem,
      failed: (error) => {
        subscriptions.failed(error);
        for (const camera of [...this.#cameras.values()]) camera.failed(error);
        // Nothing comes any more: neither a worker nor a timer, which keeps Node from ending, is of use.
        clearInterval(this.#timer);
        this.#decoder.close();
      },
    });
    this.state$ = this.#connection.state$.asObservable();
    // The first to hear of it: what others ask for then comes after what was asked for before.
    this.state$.subscribe(({ kind }) => {
      const wish = this.#wish;
      if (kind !== 'open' || wish === undefined) return;
      this.#wish = undefined;
      this.prompt(wish);
    });
    this.#timer = setInterval(() => {
      for (const meter of subscriptions.meters) meter.turn();
      if (this.#connection.open) this.#stats.next(this.stats);
    }, STATS_MS);
    const { signal } = options;
    const abort = (): void => {
      this.close();
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#ends.push(() => signal?.removeEventListener('abort', abort));
    if (signal?.aborted === true) this.close();
  }

  get state(): ConnectionState {
    return this.#connection.state$.value;
  }

  get stats(): ClientStats {
    const { clock, reconnects } = this.#connection;
    const { roundTripMs, offsetMs } = clock;
    const { bandwidth, meters } = this.subscriptions;
    return {
      streams: meters.map((meter) => meter.stats()),
      ...(roundTripMs !== undefined && { roundTripMs }),
      ...(offsetMs !== undefined && { clockOffsetMs: offsetMs }),
      ...(bandwidth !== undefined && { bandwidth }),
      decoder: this.#decoder.place,
      reconnects,
    };
  }

  prompt(phrase: string): void {
    const { state } = this;
    if (state.kind === 'failed') {
      const { code, message, hint } = state.error;
      this.#errors.next(new SextantError(code, `nothing can be looked for: ${message}`, { hint, cause: state.error }));
      return;
    }
    if (state.kind === 'open' && !state.server.prompts) {
      this.#errors.next(new SextantError('unsupported', 'this server finds nothing by name', { hint: 'Its model has no prompts, or it is older than they are.' }));
      return;
    }
    if (phrase.length > MAX_PHRASE) {
      const note = `the prompt has ${phrase.length} characters, at most ${MAX_PHRASE} can be looked for. Say it shorter.`;
      this.#prompts.next({ phrase: this.#phrase, note, refused: true });
      return;
    }
    if (state.kind === 'open') this.#connection.send('prompt', { phrase });
    else this.#wish = phrase;
  }

  serverNow(): number {
    return unixMs() + (this.#connection.clock.offsetMs ?? 0);
  }

  camera(stream: MediaStream | MediaStreamTrack, options: CameraOptions = {}): CameraLink {
    const id = ++this.#lastCamera;
    const camera = new CameraUplink(id, stream, options, this.subscriptions, this.#connection, {
      problem: (error) => {
        this.#errors.next(error);
      },
      closed: () => {
        this.#cameras.delete(id);
      },
    });
    this.#cameras.set(id, camera);
    const { state } = this;
    if (this.#closed) camera.close();
    if (state.kind === 'failed') camera.failed(state.error);
    if (this.#connection.open) camera.opened();
    return camera;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
    for (const camera of [...this.#cameras.values()]) camera.close();
    this.#connection.close();
    this.#decoder.close();
    this.subscriptions.closed();
    this.#classes.complete();
    this.#prompts.complete();
    this.#errors.complete();
    this.#stats.complete();
  }

  #control(message: ControlMessage): void {
    switch (message.type) {
      case 'classes':
        this.subscriptions.classes(message.table, message);
        if (message.phrase === undefined) this.#classes.next(message.classes);
        break;
      case 'prompted': {
        const { phrase, note, refused } = message;
        this.#phrase = phrase;
        this.#prompts.next({ phrase, ...(note !== undefined && { note }), ...(refused !== undefined && { refused }) });
        break;
      }
      case 'stats':
        this.subscriptions.stats(message);
        break;
      case 'cameraState':
        this.subscriptions.cameraOpened(message.camera);
        this.#cameras.get(message.camera)?.state(message);
        break;
      case 'error': {
        const { code, message: text, hint, stream, camera } = message;
        const error = new SextantError(code === 'version' ? 'unsupported' : code, text, { hint, details: { ...(stream !== undefined && { stream }), ...(camera !== undefined && { camera }) } });
        if (code === 'too-large' && camera !== undefined && this.#cameras.get(camera)?.waitsForPlace(error) === true) break;
        this.subscriptions.refused(error, stream, camera);
        if (camera !== undefined) this.#cameras.get(camera)?.refused();
        this.#errors.next(error);
        break;
      }
      case 'subscribed':
        break;
      default:
        this.#errors.next(new SextantError('protocol', `the server sent ${message.type}`, { hint: 'It speaks another version of the protocol.' }));
    }
  }
}

/**
 * Connects to a Sextant server (`sextant run`). Returns at once: `state$` says when the connection is open, and streams may be
 * subscribed to before. Lost connections are opened again with growing pauses; streams go on.
 *
 * @param url e.g. `ws://robot.local:8420`, `robot.local:8420`, `robot.local`, `https://robot.example/`; in a page also a path such as `/masks`
 * @throws SextantError `bad-argument` for something that is no address.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  return new SextantClient(socketUrl(url), options);
}
