import { envelope } from '@sextant/core';
import type { WebSocket } from 'ws';
import { LineMeter } from './line-meter.js';
import type { Slot, Subscribed } from './slot.js';
import type { EncodedResult, SourceFrame } from './source-frame.js';

/** A client that does not acknowledge is sent more only while its socket is nearly empty. */
const BUSY_BYTES = 64 * 1024;
/** Even an acknowledging client's socket never holds more than this. */
const FULL_BYTES = 4 * 1024 * 1024;
const PING_MS = 500;

/**
 * Sends one client's results: of each slot the newest frame, encoded only when the line has room for it, urgent slots first. What the line
 * cannot carry is never encoded. Memory: one waiting frame per slot, which is shared between clients.
 */
export class Outbox {
  readonly #slots = new Set<Slot>();
  readonly #line: LineMeter;
  #pumping = false;
  #pinged = -Infinity;
  #limited = false;
  #unsent = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly acknowledges: boolean,
    private readonly onError: (error: unknown, subscription: Subscribed) => void,
  ) {
    this.#line = new LineMeter(performance.now());
    socket.on('pong', (data: Buffer) => {
      if (data.length === 8) this.#line.roundTrip(performance.now() - data.readDoubleLE(0), performance.now());
      this.pump();
    });
  }

  /** Bytes per second that the line was found to carry, once it was the limit. */
  get bandwidth(): number | undefined {
    return this.#limited && this.#line.rate > 0 ? Math.round(this.#line.rate) : undefined;
  }

  /** Bytes of results that wait in the socket. */
  get unsent(): number {
    return this.#unsent;
  }

  add(slot: Slot): void {
    this.#slots.add(slot);
  }

  remove(slot: Slot): void {
    slot.waiting = undefined;
    this.#slots.delete(slot);
  }

  /** The client consumed `count` messages so far. False when it cannot have. */
  acknowledge(count: number): boolean {
    const known = this.#line.acknowledge(count, performance.now());
    this.pump();
    return known;
  }

  /** Sends what waits while there is room. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    for (;;) {
      const slot = this.#next();
      if (slot === undefined) break;
      if (!this.#room) {
        this.#limited = true;
        break;
      }
      const frame = slot.waiting as SourceFrame;
      slot.waiting = undefined;
      slot.busy = true;
      this.#serve(slot, frame);
    }
    this.#pumping = false;
  }

  get #room(): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    const { bufferedAmount } = this.socket;
    return this.acknowledges ? bufferedAmount < FULL_BYTES && this.#line.open : bufferedAmount < BUSY_BYTES;
  }

  #next(): Slot | undefined {
    let best: Slot | undefined;
    for (const slot of this.#slots) {
      if (slot.waiting === undefined || slot.busy) continue;
      if (best === undefined || slot.priority < best.priority || (slot.priority === best.priority && slot.servedMs < best.servedMs)) best = slot;
    }
    return best;
  }

  /** Encodes and sends all of one frame that the slot wants; pictures take their time in other threads. */
  #serve(slot: Slot, frame: SourceFrame): void {
    slot.servedMs = performance.now();
    const results: (readonly [Subscribed, EncodedResult | Promise<EncodedResult>])[] = [];
    for (const member of slot.members) {
      try {
        results.push([member, frame.encode(member.want, member.held)]);
      } catch (error) {
        this.onError(error, member);
      }
    }
    if (results.some(([, result]) => result instanceof Promise)) {
      void Promise.allSettled(results.map(async ([, result]) => result)).then((settled) => {
        settled.forEach((outcome, index) => {
          const [member] = results[index];
          if (outcome.status === 'fulfilled') this.#send(slot, member, outcome.value);
          else this.onError(outcome.reason, member);
        });
        slot.busy = false;
        this.pump();
      });
      return;
    }
    for (const [member, result] of results) this.#send(slot, member, result as EncodedResult);
    slot.busy = false;
  }

  #send(slot: Slot, member: Subscribed, { body, reference }: EncodedResult): void {
    if (this.socket.readyState !== this.socket.OPEN || !slot.members.includes(member)) return;
    const nowMs = performance.now();
    // Ahead of data, while nothing else is in its way: that is the bare round trip.
    if (this.acknowledges && this.#line.underWay === 0 && nowMs - this.#pinged > PING_MS) this.#ping(nowMs);
    member.held = reference;
    const head = envelope('data', member.id, body.length);
    const bytes = head.length + body.length;
    if (this.acknowledges) this.#line.sent(bytes, nowMs);
    // One message in two frames: the body is shared with other clients and is not copied.
    this.#unsent += bytes;
    this.socket.send(head, { binary: true, fin: false });
    this.socket.send(body, { binary: true, fin: true }, (error) => {
      this.#unsent -= bytes;
      if (error !== undefined && error !== null) return;
      member.sent += 1;
      member.bytes += bytes;
      member.rate.mark(performance.now());
      this.pump();
    });
  }

  #ping(nowMs: number): void {
    this.#pinged = nowMs;
    const data = Buffer.alloc(8);
    data.writeDoubleLE(nowMs);
    this.socket.ping(data);
  }
}
