import {
  MASK_CLOSE, MASK_PROTOCOL_VERSION, MAX_CONTROL_BYTES, RateMeter, SextantError, decodeAck, decodeCameraPicture, decodeControl, decodePing, encodeControl, encodePong, openEnvelope,
} from '@sextant/core';
import type { ControlBodies, DropSink, ErrorMessage, Hello, MaskKind, MaskLimits, Modality, OpenCamera, StreamRequest } from '@sextant/core';
import type { RawData, WebSocket } from 'ws';
import { unixNow } from './mask-source.js';
import type { ClassTables, MaskSource } from './mask-source.js';
import { Outbox } from './outbox.js';
import { Slot } from './slot.js';
import type { Subscribed } from './slot.js';
import type { SourceFrame } from './source-frame.js';
import { UplinkCamera } from './uplink-camera.js';
import type { Perceive } from './uplink-camera.js';

/** What a session gets from its server. */
export interface SessionHost {
  readonly source: MaskSource;
  readonly tables: ClassTables;
  readonly limits: MaskLimits;
  readonly kinds: readonly MaskKind[];
  readonly server: string;
  readonly perceive: Perceive | undefined;
  /** Constant-time comparison; undefined where no token is asked for. */
  readonly checkToken: ((token: string) => boolean) | undefined;
  readonly drops: DropSink;
  /** Reserves a place for one more camera on the server; false when there is none. */
  takeCamera(): boolean;
  releaseCamera(): void;
  /** Subscriptions to the server's own source changed. */
  wantedChanged(): void;
  readonly log: (message: string) => void;
  ended(session: MaskSession): void;
}

const HELLO_MS = 5000;
const STATS_MS = 1000;
/** A client that is refused so often is not one of ours. */
const MAX_REFUSALS = 100;

/** One connection. */
export class MaskSession {
  readonly #subscriptions = new Map<number, { readonly subscribed: Subscribed; readonly slot: Slot }>();
  readonly #groups = new Map<string, Slot>();
  readonly #cameras = new Map<number, { readonly camera: UplinkCamera; readonly stop: () => void }>();
  readonly #sentTables = new Set<number>();
  #outbox: Outbox | undefined;
  #stopMain: (() => void) | undefined;
  #timer: NodeJS.Timeout;
  #refusals = 0;
  #ended = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly host: SessionHost,
    private readonly id: string,
    private readonly trusted: boolean,
  ) {
    this.#timer = setTimeout(() => {
      this.#end({ code: 'protocol', message: 'no hello came', hint: 'Send hello first.' }, MASK_CLOSE.helloTimeout);
    }, HELLO_MS);
    socket.on('message', (data, binary) => {
      this.#receive(data, binary);
    });
    socket.on('close', () => {
      this.close();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR') === true) host.log(`a client of /masks was disconnected: ${error.message}`);
    });
  }

  /** Modalities of the server's own source that this client listens to. */
  get wanted(): ReadonlySet<Modality> {
    return new Set(this.#modalities(0));
  }

  /** Refuses a client before it said anything. */
  refuse(error: Omit<ErrorMessage, 'final'>, closeCode: number): void {
    this.#end(error, closeCode);
  }

  /** Gives everything back; the socket is closed by whoever calls. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#stopMain?.();
    for (const number of [...this.#cameras.keys()]) this.#closeCamera(number);
    this.#subscriptions.clear();
    this.host.ended(this);
  }

  #send<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(encodeControl(type, body));
  }

  #receive(data: RawData, binary: boolean): void {
    if (this.#ended) return;
    try {
      if (!binary) throw new SextantError('protocol', 'messages are binary, this one is text', { hint: 'See docs/mask-protocol.md.' });
      const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : new Uint8Array(data);
      this.#message(bytes);
    } catch (error) {
      const { code, message, hint } = SextantError.from(error);
      if (this.#outbox === undefined) this.#end({ code, message, hint }, MASK_CLOSE.protocol);
      else this.#refused({ code, message, hint });
    }
  }

  #message(bytes: Uint8Array): void {
    const opened = openEnvelope(bytes);
    const { maxMessageBytes } = this.host.limits;
    const limit = opened.name === 'camera' ? maxMessageBytes : MAX_CONTROL_BYTES;
    if (opened.body.length > limit) throw new SextantError('too-large', `${opened.name} has ${opened.body.length} bytes, the limit is ${limit}`, { hint: 'Send it smaller.' });
    if (this.#outbox === undefined) {
      const hello = decodeControl(opened);
      if (hello.type !== 'hello') throw new SextantError('protocol', `the first message is ${hello.type}`, { hint: 'Send hello first.' });
      this.#hello(hello);
      return;
    }
    switch (opened.name) {
      case 'ack':
        if (!this.#outbox.acknowledge(decodeAck(opened))) throw new SextantError('protocol', 'more messages are acknowledged than were sent', { hint: 'Count the data messages of this connection.' });
        return;
      case 'ping': {
        const heard = unixNow();
        this.socket.send(encodePong({ asked: decodePing(opened), heard, answered: unixNow() }));
        return;
      }
      case 'camera': {
        const picture = decodeCameraPicture(opened);
        const camera = this.#cameras.get(picture.camera);
        // Pictures may be on their way when a camera is closed.
        camera?.camera.picture(picture);
        return;
      }
      default: {
        const message = decodeControl(opened);
        switch (message.type) {
          case 'subscribe':
            this.#subscribe(message.id, message.want);
            return;
          case 'unsubscribe':
            this.#unsubscribe(message.id);
            return;
          case 'openCamera':
            this.#openCamera(message);
            return;
          case 'closeCamera':
            this.#closeCamera(message.camera);
            return;
          default:
            throw new SextantError('protocol', `a client does not send ${message.type}`, { hint: 'See docs/mask-protocol.md.' });
        }
      }
    }
  }

  #hello({ version, token, flow, client }: Hello): void {
    if (version !== MASK_PROTOCOL_VERSION) {
      this.#end({ code: 'version', message: `this server speaks version ${MASK_PROTOCOL_VERSION} of the mask protocol, the client ${version}`, hint: `Use a ${version > MASK_PROTOCOL_VERSION ? 'newer server or an older' : 'newer'} client.`, versions: [MASK_PROTOCOL_VERSION] }, MASK_CLOSE.version);
      return;
    }
    const { checkToken, limits, kinds, server, log } = this.host;
    if (checkToken !== undefined && !this.trusted && !checkToken(token ?? '')) {
      log(`a client of /masks (${client ?? 'unnamed'}) was refused: ${token === undefined ? 'no' : 'a wrong'} token`);
      this.#end({ code: 'unauthorized', message: token === undefined ? 'a token is needed' : 'the token is wrong', hint: 'Give the token that the server was started with.' }, MASK_CLOSE.unauthorized);
      return;
    }
    clearTimeout(this.#timer);
    this.#outbox = new Outbox(this.socket, flow === 'ack', (error, subscribed) => {
      const { code, message, hint } = SextantError.from(error);
      subscribed.dropped += 1;
      this.#refused({ code, message, hint, stream: subscribed.id });
    });
    this.#send('welcome', { version: MASK_PROTOCOL_VERSION, server, session: this.id, kinds, limits });
    this.#timer = setInterval(() => {
      this.#stats();
    }, STATS_MS);
  }

  #subscribe(id: number, want: StreamRequest): void {
    const refuse = (code: ErrorMessage['code'], message: string, hint: string): void => {
      this.#refused({ code, message, hint, stream: id });
    };
    const { maxStreams } = this.host.limits;
    const number = want.camera ?? 0;
    if (this.#subscriptions.has(id)) refuse('bad-argument', `stream ${id} is subscribed already`, 'Take another number.');
    else if (this.#subscriptions.size >= maxStreams) refuse('too-large', `there are ${maxStreams} streams already, more are not allowed`, 'Unsubscribe from some.');
    else if (!this.host.kinds.includes(want.kind)) refuse('unsupported', `this server has no ${want.kind}`, `It has ${this.host.kinds.join(', ')}.`);
    else if (number !== 0 && !this.#cameras.has(number)) refuse('bad-argument', `camera ${number} is not open`, 'Send openCamera first.');
    else {
      const slot = this.#slot(id, number, want.group ?? 0);
      const subscribed: Subscribed = { id, want, held: undefined, sent: 0, bytes: 0, dropped: 0, rate: new RateMeter({ capacity: 128 }) };
      slot.members.push(subscribed);
      this.#subscriptions.set(id, { subscribed, slot });
      this.#send('subscribed', { id });
      this.#wantedChanged(number);
    }
  }

  /** The slot of a group, made with its first member; a stream without one has a slot to itself. */
  #slot(id: number, camera: number, group: number): Slot {
    const name = group === 0 ? `stream ${id}` : `${camera} ${group}`;
    let slot = this.#groups.get(name);
    if (slot === undefined) {
      slot = new Slot(camera, this.host.drops);
      this.#groups.set(name, slot);
      this.#outbox?.add(slot);
    }
    return slot;
  }

  #unsubscribe(id: number): void {
    const found = this.#subscriptions.get(id);
    if (found === undefined) return; // it was refused, or its camera ended
    const { slot, subscribed } = found;
    this.#subscriptions.delete(id);
    slot.members.splice(slot.members.indexOf(subscribed), 1);
    if (slot.members.length === 0) {
      for (const [name, other] of this.#groups) if (other === slot) this.#groups.delete(name);
      this.#outbox?.remove(slot);
    }
    this.#wantedChanged(slot.camera);
  }

  #modalities(camera: number): readonly Modality[] {
    const kinds = [...this.#subscriptions.values()].filter(({ slot }) => slot.camera === camera).map(({ subscribed }) => subscribed.want.kind);
    return [...new Set(kinds)].filter((kind): kind is Modality => kind !== 'rgb');
  }

  #wantedChanged(camera: number): void {
    if (camera !== 0) {
      this.#cameras.get(camera)?.camera.want(this.#modalities(camera));
      return;
    }
    const listens = [...this.#groups.values()].some((slot) => slot.camera === 0);
    if (listens) this.#stopMain ??= this.host.source.listen((frame) => {
      this.#frame(0, frame);
    });
    else {
      this.#stopMain?.();
      this.#stopMain = undefined;
    }
    this.host.wantedChanged();
  }

  #frame(camera: number, frame: SourceFrame): void {
    const nowMs = performance.now();
    let offered = false;
    for (const slot of this.#groups.values()) {
      if (slot.camera !== camera || !slot.offer(frame, nowMs)) continue;
      offered = true;
      this.#tellClasses(slot, frame);
    }
    if (offered) this.#outbox?.pump();
  }

  /** Sends the class table before the first labels that need it, and refuses names that are not in it. */
  #tellClasses({ members }: Slot, { table, perception }: SourceFrame): void {
    const labelled = members.filter(({ want }) => want.kind === 'segmentation');
    if (labelled.length === 0) return;
    const { classes } = perception.segmentation!;
    if (!this.#sentTables.has(table)) {
      this.#sentTables.add(table);
      this.#send('classes', { table, classes });
    }
    for (const { id, want } of labelled) {
      const unknown = want.classes?.filter((word) => typeof word === 'string' && !classes.some(({ name }) => name === word)) ?? [];
      if (unknown.length === 0) continue;
      this.#unsubscribe(id);
      this.#refused({ code: 'bad-argument', message: `no class is called ${unknown.join(', ')}`, hint: `Classes: ${classes.map(({ name }) => name).join(', ')}.`.slice(0, 3900), stream: id });
    }
  }

  #openCamera(opened: OpenCamera): void {
    const { perceive, limits, tables } = this.host;
    const { camera } = opened;
    const refuse = (code: ErrorMessage['code'], message: string, hint: string): void => {
      this.#refused({ code, message, hint, camera });
    };
    if (perceive === undefined || limits.maxCameras === 0) refuse('unsupported', 'this server takes no cameras of clients', 'Start it with the uplink switched on.');
    else if (this.#cameras.has(camera)) refuse('bad-argument', `camera ${camera} is open already`, 'Take another number.');
    else if (this.#cameras.size >= limits.maxCameras) refuse('too-large', `a client may send ${limits.maxCameras} cameras`, 'Close one.');
    else if (!this.host.takeCamera()) refuse('too-large', 'the server has no room for another camera', 'Try again when somebody has left.');
    else {
      const uplink = new UplinkCamera(opened, perceive, tables, limits.maxCameraPixels, {
        problem: ({ code, message, hint }, final) => {
          this.#refused({ code, message, hint, ...(final && { camera }) });
          if (final) this.#closeCamera(camera);
        },
        state: (state) => {
          this.#send('cameraState', state);
        },
      });
      const stop = uplink.source.listen((frame) => {
        this.#frame(camera, frame);
      });
      this.#cameras.set(camera, { camera: uplink, stop });
    }
  }

  #closeCamera(number: number): void {
    const found = this.#cameras.get(number);
    if (found === undefined) return;
    found.stop();
    found.camera.close();
    for (const [id, { slot }] of [...this.#subscriptions]) if (slot.camera === number) this.#unsubscribe(id);
    this.#cameras.delete(number);
    this.host.releaseCamera();
  }

  #stats(): void {
    if (this.#subscriptions.size === 0) return;
    const nowMs = performance.now();
    const streams = [...this.#subscriptions.values()].map(({ subscribed: { id, sent, bytes, dropped, rate } }) => ({ id, sent, bytes, dropped, rate: Math.round(rate.rate(nowMs) * 100) / 100 }));
    const bandwidth = this.#outbox?.bandwidth;
    this.#send('stats', { streams, ...(bandwidth !== undefined && { bandwidth }) });
  }

  /** Tells the client what was refused; the rest goes on, unless it happens again and again. */
  #refused(error: Omit<ErrorMessage, 'final'>): void {
    this.#refusals += 1;
    if (this.#refusals > MAX_REFUSALS) this.#end({ code: 'protocol', message: `${MAX_REFUSALS} messages were refused, the last: ${error.message}`, hint: error.hint }, MASK_CLOSE.limit);
    else this.#send('error', error);
  }

  #end(error: Omit<ErrorMessage, 'final'>, closeCode: number): void {
    this.#send('error', { ...error, final: true });
    this.close();
    this.socket.close(closeCode, error.message.slice(0, 100));
    // One that does not answer is not waited for.
    setTimeout(() => {
      this.socket.terminate();
    }, 1000).unref();
  }
}
