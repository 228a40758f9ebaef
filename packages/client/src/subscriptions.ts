import { MAX_ID, SextantError, checkRequest } from '@sextant/core';
import type { DataHeader, Envelope, StatsMessage, StreamRequest } from '@sextant/core';
import type { Connection } from './connection.js';
import type { Decoder } from './decoder/decoder.js';
import type { Decoded } from './decoder/messages.js';
import { StreamMeter } from './meter.js';
import type { AnyResult, Latency } from './results.js';
import { toResult } from './to-result.js';
import type { Table } from './to-result.js';
import { unixMs } from './time.js';

/** What one subscription does with what comes. */
export interface Handler {
  next(result: AnyResult): void;
  error(error: SextantError): void;
  complete(): void;
}

interface Subscription {
  readonly want: StreamRequest;
  readonly handler: Handler;
  readonly meter: StreamMeter;
  /** Messages being decoded. */
  pending: number;
}

/** More of one stream in the decoder, and what can be left out is. */
const MAX_PENDING = 2;
/** Stamps nearer than this to the server's time are wall-clock time. */
const WALL_CLOCK_MS = 10 * 60_000;
const KEY_FLAG = 1;

/** The subscriptions of one client: asks for them anew at each connection, decodes what comes and hands it on. */
export class Subscriptions {
  readonly #live = new Map<number, Subscription>();
  readonly #tables = new Map<number, Table>();
  readonly #cameras = new Set<number>();
  #last = 0;
  #lastGroup = 0;
  /** Nothing comes any more: how every stream ends, those asked for later too. */
  #end: SextantError | 'closed' | undefined;
  bandwidth: number | undefined;

  constructor(
    private readonly connection: () => Connection,
    private readonly decoder: Decoder,
    private readonly onProblem: (error: SextantError) => void,
  ) {}

  /** Meters of what is subscribed now. */
  get meters(): readonly StreamMeter[] {
    return [...this.#live.values()].map(({ meter }) => meter);
  }

  /** A number for streams that are to be sent together. */
  group(): number {
    this.#lastGroup = (this.#lastGroup % MAX_ID) + 1;
    return this.#lastGroup;
  }

  /** Asks for a stream; returns how to end it. One that is asked for after the end ends at once, one with an option that cannot be fails at once. */
  add(kind: AnyResult['kind'], want: StreamRequest, handler: Handler): () => void {
    if (this.#end !== undefined) {
      if (this.#end === 'closed') handler.complete();
      else handler.error(this.#end);
      return () => undefined;
    }
    if (!this.possible(want, handler)) return () => undefined;
    do this.#last = (this.#last % MAX_ID) + 1;
    while (this.#live.has(this.#last));
    const id = this.#last;
    this.#live.set(id, { want, handler, meter: new StreamMeter(kind, want.camera ?? 0), pending: 0 });
    // A camera's streams can be asked for once the server knows the camera.
    if (want.camera === undefined || this.#cameras.has(want.camera)) this.connection().send('subscribe', { id, want });
    return () => {
      if (!this.#live.delete(id)) return;
      this.connection().send('unsubscribe', { id });
      this.decoder.forget(id);
    };
  }

  /** Whether a stream can be asked for so; one that cannot fails, and is told of. */
  possible(want: StreamRequest, handler: Pick<Handler, 'error'>): boolean {
    try {
      checkRequest(want);
      return true;
    } catch (thrown) {
      const error = SextantError.from(thrown);
      handler.error(error);
      this.onProblem(error);
      return false;
    }
  }

  /** Counts a result of a camera's stream (0: the server's own) that its reader did not take in time, or that cannot be handed on whole. */
  overtaken(kind: string, camera: number): void {
    const meter = this.meters.find((m) => m.kind === kind && m.camera === camera);
    if (meter !== undefined) meter.droppedHere += 1;
  }

  /** A connection is open: everything is asked for again. */
  opened(): void {
    this.#tables.clear();
    this.#cameras.clear();
    for (const [id, { want, meter }] of this.#live) {
      meter.opened();
      this.decoder.forget(id);
      if (want.camera === undefined) this.connection().send('subscribe', { id, want });
    }
  }

  /** A camera was opened at the server: its streams can be asked for. */
  cameraOpened(camera: number): void {
    if (this.#cameras.has(camera)) return;
    this.#cameras.add(camera);
    for (const [id, { want }] of this.#live) if (want.camera === camera) this.connection().send('subscribe', { id, want });
  }

  classes(table: number, content: Table): void {
    this.#tables.set(table, content);
  }

  stats({ streams, bandwidth }: StatsMessage): void {
    this.bandwidth = bandwidth;
    for (const counters of streams) this.#live.get(counters.id)?.meter.server(counters);
  }

  /** The server refused or ended a stream, or all streams of a camera. */
  refused(error: SextantError, stream: number | undefined, camera: number | undefined): void {
    for (const [id, { handler, want }] of [...this.#live]) {
      if (id !== stream && (camera === undefined || want.camera !== camera)) continue;
      this.#live.delete(id);
      handler.error(error);
    }
  }

  /** The connection failed for good: every stream does. */
  failed(error: SextantError): void {
    this.#end = error;
    const handlers = [...this.#live.values()].map(({ handler }) => handler);
    this.#live.clear();
    for (const handler of handlers) handler.error(error);
  }

  /** The client was closed: every stream ends. */
  closed(): void {
    this.#end = 'closed';
    this.#complete(() => true);
  }

  /** A camera was closed: its streams end. */
  cameraClosed(camera: number): void {
    this.#cameras.delete(camera);
    this.#complete(({ want }) => want.camera === camera);
  }

  #complete(which: (subscription: Subscription) => boolean): void {
    for (const [id, subscription] of [...this.#live]) {
      if (!which(subscription)) continue;
      this.#live.delete(id);
      subscription.handler.complete();
    }
  }

  /** Decodes one data message and hands it on; acknowledges it when another can be taken. */
  data(message: Uint8Array<ArrayBuffer>, { id, body }: Envelope): void {
    const connection = this.connection();
    const { token } = connection;
    const subscription = this.#live.get(id);
    const arrived = unixMs();
    const bytes = message.length;
    const optional = ((body[1] ?? 0) & KEY_FLAG) === 0 || body[0] === 0;
    if (subscription === undefined || (optional && subscription.pending >= MAX_PENDING)) {
      if (subscription !== undefined) subscription.meter.droppedHere += 1;
      connection.acknowledge(token);
      return;
    }
    // One may be decoded while the next is on its way; more would only wait here and grow old.
    const busy = subscription.pending > 0;
    if (!busy) connection.acknowledge(token);
    subscription.pending += 1;
    this.decoder.decode(message).then(
      (decoded) => {
        if (busy) connection.acknowledge(token);
        subscription.pending -= 1;
        if (this.#live.get(id) === subscription) this.#deliver(subscription, decoded, bytes, arrived);
        else decoded.bitmap?.close();
      },
      (error: unknown) => {
        if (busy) connection.acknowledge(token);
        subscription.pending -= 1;
        if (this.#live.get(id) === subscription) this.onProblem(SextantError.from(error));
      },
    );
  }

  #deliver({ handler, meter, want }: Subscription, decoded: Decoded, bytes: number, arrived: number): void {
    const { header, payload } = decoded;
    const now = unixMs();
    const latency = this.#latency(header, now, now - arrived, (want.camera ?? 0) > 0);
    const table = payload.kind === 'segmentation' ? this.#tables.get(payload.table) : undefined;
    meter.record(latency, bytes);
    handler.next(toResult(decoded, latency, bytes, table ?? { classes: [] }, want.referred === true));
  }

  #latency(header: DataHeader, now: number, decodeMs: number, own: boolean): Latency {
    const serverNow = now + (this.connection().clock.offsetMs ?? 0);
    const ready = Number(header.ready) / 1e6;
    const captured = Number(header.stamp) / 1e6;
    const modelMs = header.modelMicros / 1000;
    const deliveryMs = Math.max(0, serverNow - ready);
    const wallClock = own || Math.abs(ready - captured) < WALL_CLOCK_MS;
    // A camera of this page has its stamps from the clock of this page.
    return { modelMs, deliveryMs, decodeMs, totalMs: modelMs + deliveryMs, ...(wallClock && { captureMs: (own ? now : serverNow) - captured }) };
  }
}
