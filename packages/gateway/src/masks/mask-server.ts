import { DEFAULT_MAX_PIXELS, MASK_CLOSE, MASK_KINDS, MASK_PROTOCOL_VERSION, MASK_SUBPROTOCOLS, MODALITIES, SextantError, dropCounter } from '@sextant/core';
import type { DropSink, MaskKind, MaskLimits, Modality, Perception } from '@sextant/core';
import { endWhenGone, goodbye } from '@sextant/ros';
import { randomUUID } from 'node:crypto';
import { BehaviorSubject, Subscription, distinctUntilChanged } from 'rxjs';
import type { Observable } from 'rxjs';
import type { WebSocket } from 'ws';
import { offeredKinds } from './offered-kinds.js';
import type { OfferedModalities } from './offered-kinds.js';
import { ClassTables, MaskSource } from './mask-source.js';
import { MaskSession } from './mask-session.js';
import type { SessionHost } from './session-host.js';
import type { PromptDesk } from './prompt-desk.js';
import type { Perceive } from './uplink-camera.js';

/** Options of {@link MaskServer}. */
export interface MaskServerOptions {
  /** Results of the server's own source. */
  readonly perceptions$: Observable<Perception>;
  /** What is computed when somebody wants it. @default every modality */
  readonly modalities?: OfferedModalities;
  /** Takes cameras of clients; without it there is no uplink. */
  readonly perceive?: Perceive;
  /** Takes wishes of what is to be found by name; without it there is nothing of that. */
  readonly prompt?: PromptDesk;
  /** Constant-time comparison; without it no token is asked for. */
  readonly checkToken?: (token: string) => boolean;
  readonly log?: (message: string) => void;
  /** Told of results that a slow client was not sent, as `masks`. */
  readonly drops?: DropSink;
  readonly limits?: Partial<MaskLimits>;
  /** Connections at once. @default 256 */
  readonly maxClients?: number;
  /** Cameras of clients at once, all clients together. @default 16 */
  readonly maxCameras?: number;
}

const LIMITS: MaskLimits = { maxStreams: 64, maxCameras: 2, maxMessageBytes: 8 * 1024 * 1024, maxCameraPixels: DEFAULT_MAX_PIXELS };
const SERVER = 'sextant';
/** Four without an answer and a client that reads nothing is gone. */
const PING_MS = 10_000;

/** Speaks the mask protocol with any number of clients: docs/mask-protocol.md. */
export class MaskServer {
  /** Modalities that clients listen to now, distinct until changed: what the model should compute for its own source. */
  readonly wanted$: Observable<ReadonlySet<Modality>>;
  /** Whether a client listens to what the prompt names, distinct until changed. */
  readonly referredWanted$: Observable<boolean>;
  /** Largest message that a socket must let through: a little more than allowed, so that the client hears of it in words. */
  readonly maxPayload: number;
  readonly #wanted = new BehaviorSubject<ReadonlySet<Modality>>(new Set());
  readonly #referredWanted = new BehaviorSubject(false);
  readonly #sessions = new Map<MaskSession, WebSocket>();
  readonly #source: MaskSource;
  readonly #host: SessionHost;
  readonly #maxClients: number;
  readonly #kinds = new BehaviorSubject<readonly MaskKind[]>(MASK_KINDS);
  readonly #feeding: Subscription;
  #cameras = 0;

  /** @throws SextantError `bad-argument` for modalities that there are not. */
  constructor(options: MaskServerOptions) {
    const { maxClients = 256, maxCameras = 16, log = () => undefined, drops = dropCounter() } = options;
    const kinds$ = offeredKinds(options.modalities ?? MODALITIES);
    const limits = { ...LIMITS, ...options.limits, ...(options.perceive === undefined && { maxCameras: 0 }) };
    const tables = new ClassTables();
    this.#source = new MaskSource(tables);
    this.#maxClients = maxClients;
    this.maxPayload = 2 * limits.maxMessageBytes;
    this.wanted$ = this.#wanted.asObservable();
    this.referredWanted$ = this.#referredWanted.pipe(distinctUntilChanged());
    this.#host = {
      source: this.#source, tables, limits, kinds$: this.#kinds, server: SERVER, perceive: options.perceive, prompt: options.prompt, checkToken: options.checkToken, log, drops,
      takeCamera: () => {
        if (this.#cameras >= maxCameras) return false;
        this.#cameras += 1;
        return true;
      },
      releaseCamera: () => {
        this.#cameras -= 1;
      },
      wantedChanged: () => {
        this.#wantedChanged();
      },
      ended: (session) => {
        this.#sessions.delete(session);
        this.#wantedChanged();
      },
    };
    // Not one on the other: cameras of clients go on, and what is offered changes, when the server's own source has ended.
    this.#feeding = new Subscription();
    this.#feeding.add(options.perceptions$.subscribe({
      next: (perception) => {
        this.#source.publish(perception);
      },
      error: () => undefined, // the run's to tell
    }));
    this.#feeding.add(kinds$.subscribe({
      next: (kinds) => {
        this.#kinds.next(kinds);
      },
      error: (error: unknown) => {
        log(`what /masks offers stays ${this.#kinds.value.join(', ')}: ${SextantError.from(error).message}`);
      },
    }));
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#sessions.size;
  }

  /** The subprotocol for a client that offered these; false for one that offered none of ours. */
  static chooseProtocol(asked: ReadonlySet<string>): string | false {
    return MASK_SUBPROTOCOLS.find((known) => asked.has(known)) ?? false;
  }

  /**
   * Takes over an open socket.
   * @param trusted it gave the token on the way here (address or header)
   */
  accept(socket: WebSocket, trusted = false): void {
    const session = new MaskSession(socket, this.#host, randomUUID(), trusted);
    if (this.#sessions.size >= this.#maxClients) {
      session.refuse({ code: 'too-large', message: `there are ${this.#maxClients} clients already`, hint: 'Try again later.' }, MASK_CLOSE.limit);
      return;
    }
    this.#sessions.set(session, socket);
    endWhenGone(socket, PING_MS);
    if (socket.protocol !== MASK_SUBPROTOCOLS[0])
      session.refuse({ code: 'version', message: `this server speaks version ${MASK_PROTOCOL_VERSION} of the mask protocol and was offered ${socket.protocol === '' ? 'no subprotocol' : 'another'}`, hint: `Offer the subprotocol ${MASK_SUBPROTOCOLS[0]}.`, versions: [MASK_PROTOCOL_VERSION] }, MASK_CLOSE.version);
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    this.#feeding.unsubscribe();
    await Promise.all([...this.#sessions].map(([session, socket]) => goodbye(socket, () => {
      session.close();
    })));
    this.#kinds.complete();
    this.#wanted.complete();
    this.#referredWanted.complete();
  }

  #wantedChanged(): void {
    const wanted = new Set([...this.#sessions.keys()].flatMap((session) => [...session.wanted]));
    const before = this.#wanted.value;
    if (wanted.size !== before.size || [...wanted].some((modality) => !before.has(modality))) this.#wanted.next(wanted);
    this.#referredWanted.next([...this.#sessions.keys()].some((session) => session.wantsReferred));
  }
}
