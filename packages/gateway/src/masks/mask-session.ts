import {
  MASK_CLOSE, MASK_PROTOCOL_VERSION, MAX_CONTROL_BYTES, SextantError, decodeAck, decodeCameraPicture, decodeControl, decodePing, encodeControl, encodePong, openEnvelope,
} from '@sextant/core';
import type { ControlBodies, ErrorMessage, Hello, Modality, OpenCamera, StreamRequest } from '@sextant/core';
import { closeSocket } from '@sextant/ros';
import type { RawData, WebSocket } from 'ws';
import { unixNow } from './mask-source.js';
import { Outbox } from './outbox.js';
import { SessionStreams } from './session-streams.js';
import { UplinkCamera } from './uplink-camera.js';
import type { SessionHost } from './session-host.js';
import { skip } from 'rxjs';
import type { Subscription } from 'rxjs';

const HELLO_MS = 5000;
const STATS_MS = 1000;
/** A client that is refused so often is not one of ours. */
const MAX_REFUSALS = 100;
/** Answers that wait in the socket, bytes, results aside (those are held back): a client that lets so many wait sends and does not read. */
const MAX_UNREAD = 1024 * 1024;

/** One connection. */
export class MaskSession {
  readonly #cameras = new Map<number, { readonly camera: UplinkCamera; readonly stop: () => void }>();
  #outbox: Outbox | undefined;
  #streams: SessionStreams | undefined;
  #stopMain: (() => void) | undefined;
  #prompted: Subscription | undefined;
  #offering: Subscription | undefined;
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
    // The socket answers a WebSocket's own pings by itself.
    socket.on('ping', () => {
      this.#checkRead();
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
    return new Set(this.#streams?.modalities(0) ?? []);
  }

  /** Whether it listens to what the prompt names in the server's own source. */
  get wantsReferred(): boolean {
    return this.#streams?.wantsReferred(0) ?? false;
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
    this.#prompted?.unsubscribe();
    this.#offering?.unsubscribe();
    for (const number of [...this.#cameras.keys()]) this.#closeCamera(number);
    this.#streams = undefined;
    this.host.ended(this);
  }

  #send<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): void {
    this.#answer(encodeControl(type, body));
  }

  #answer(message: Uint8Array): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(message);
    this.#checkRead();
  }

  /** Disconnects a client whose answers pile up here: in words it would not read either. */
  #checkRead(): void {
    const unread = this.socket.bufferedAmount - (this.#outbox?.unsent ?? 0);
    if (unread <= MAX_UNREAD || this.#ended) return;
    this.host.log(`a client of /masks was disconnected: it sends and does not read, ${unread} bytes of answers wait for it`);
    this.socket.terminate();
    this.close();
  }

  #receive(data: RawData, binary: boolean): void {
    if (this.#ended) return;
    try {
      if (!binary) throw new SextantError('protocol', 'messages are binary, this one is text', { hint: 'See docs/mask-protocol.md.' });
      const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : new Uint8Array(data);
      this.#message(bytes);
    } catch (error) {
      const { code, message, hint, details: { stream } } = SextantError.from(error);
      if (this.#outbox === undefined) this.#end({ code, message, hint }, MASK_CLOSE.protocol);
      else this.#refused({ code, message, hint, ...(typeof stream === 'number' && { stream }) });
    }
  }

  #message(bytes: Uint8Array): void {
    const opened = openEnvelope(bytes);
    const { maxMessageBytes } = this.host.limits;
    const limit = opened.name === 'camera' ? maxMessageBytes : MAX_CONTROL_BYTES;
    if (opened.body.length > limit) {
      if (opened.name === 'camera') this.#cameras.get(opened.id)?.camera.refuse();
      throw new SextantError('too-large', `${opened.name} has ${opened.body.length} bytes, the limit is ${limit}`, { hint: 'Send it smaller.' });
    }
    const [outbox, streams] = [this.#outbox, this.#streams];
    if (outbox === undefined || streams === undefined) {
      const hello = decodeControl(opened);
      if (hello.type !== 'hello') throw new SextantError('protocol', `the first message is ${hello.type}`, { hint: 'Send hello first.' });
      this.#hello(hello);
      return;
    }
    switch (opened.name) {
      case 'ack':
        if (!outbox.acknowledge(decodeAck(opened))) throw new SextantError('protocol', 'more messages are acknowledged than were sent', { hint: 'Count the data messages of this connection.' });
        return;
      case 'ping': {
        const heard = unixNow();
        this.#answer(encodePong({ asked: decodePing(opened), heard, answered: unixNow() }));
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
            this.#subscribe(streams, message.id, message.want);
            return;
          case 'unsubscribe':
            streams.remove(message.id);
            return;
          case 'openCamera':
            this.#openCamera(message);
            return;
          case 'closeCamera':
            this.#closeCamera(message.camera);
            return;
          case 'prompt':
            if (this.host.prompt === undefined) this.#refused({ code: 'unsupported', message: 'nothing can be looked for by name here', hint: 'Use a server whose model finds what a phrase names.' });
            else this.host.prompt.ask(message.phrase);
            return;
          default:
            throw new SextantError('protocol', `a client does not send ${message.type}`, { hint: 'See docs/mask-protocol.md.' });
        }
      }
    }
  }

  #hello({ version, token, flow, client, prompts, kinds: tellKinds }: Hello): void {
    if (version !== MASK_PROTOCOL_VERSION) {
      this.#end({ code: 'version', message: `this server speaks version ${MASK_PROTOCOL_VERSION} of the mask protocol, the client ${version}`, hint: `Use a ${version > MASK_PROTOCOL_VERSION ? 'newer server or an older' : 'newer'} client.`, versions: [MASK_PROTOCOL_VERSION] }, MASK_CLOSE.version);
      return;
    }
    const { checkToken, limits, kinds$, server, log } = this.host;
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
    this.#streams = new SessionStreams({
      outbox: this.#outbox,
      drops: this.host.drops,
      send: (type, body) => {
        this.#send(type, body);
      },
      refused: (error) => {
        this.#refused(error);
      },
      changed: (camera) => {
        this.#wantedChanged(camera);
      },
    }, limits.maxStreams);
    this.#send('welcome', { version: MASK_PROTOCOL_VERSION, server, session: this.id, kinds: kinds$.value, limits, ...(this.host.prompt && { prompts: true }) });
    if (prompts === true) this.#prompted = this.host.prompt?.state$.subscribe((state) => {
      this.#send('prompted', state);
    });
    this.#offering = kinds$.pipe(skip(1)).subscribe((kinds) => {
      if (tellKinds === true) this.#send('kinds', { kinds });
      this.#streams?.keep(kinds);
    });
    this.#timer = setInterval(() => {
      this.#streams?.tellStats();
    }, STATS_MS);
  }

  #subscribe(streams: SessionStreams, id: number, want: StreamRequest): void {
    const camera = want.camera ?? 0;
    const kinds = this.host.kinds$.value;
    if (!kinds.includes(want.kind)) this.#refused({ code: 'unsupported', message: `this server has no ${want.kind}`, hint: `It has ${kinds.join(', ')}.`, stream: id });
    else if (camera !== 0 && !this.#cameras.has(camera)) this.#refused({ code: 'bad-argument', message: `camera ${camera} is not open`, hint: 'Send openCamera first.', stream: id });
    else streams.add(id, want);
  }

  #wantedChanged(camera: number): void {
    if (camera !== 0) {
      this.#cameras.get(camera)?.camera.want(this.#streams?.modalities(camera) ?? [], this.#streams?.wantsReferred(camera) ?? false);
      return;
    }
    if (this.#streams?.listensTo(0) === true) this.#stopMain ??= this.host.source.listen((frame) => {
      this.#streams?.offer(0, frame);
    });
    else {
      this.#stopMain?.();
      this.#stopMain = undefined;
    }
    this.host.wantedChanged();
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
        this.#streams?.offer(camera, frame);
      });
      this.#cameras.set(camera, { camera: uplink, stop });
    }
  }

  #closeCamera(number: number): void {
    const found = this.#cameras.get(number);
    if (found === undefined) return;
    found.stop();
    found.camera.close();
    this.#streams?.removeCamera(number);
    this.#cameras.delete(number);
    this.host.releaseCamera();
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
    closeSocket(this.socket, closeCode, error.message);
    // One that does not answer is not waited for.
    setTimeout(() => {
      this.socket.terminate();
    }, 1000).unref();
  }
}
