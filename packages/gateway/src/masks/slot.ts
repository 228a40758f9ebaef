import type { DropSink, RateMeter, StreamRequest } from '@sextant/core';
import type { KeyNumber } from './id-keys.js';
import type { SourceFrame } from './source-frame.js';

/** One subscription of one client. */
export interface Subscribed {
  readonly id: number;
  readonly want: StreamRequest;
  /** The last key sent, for deltas. */
  held: KeyNumber | undefined;
  sent: number;
  bytes: number;
  dropped: number;
  readonly rate: RateMeter;
}

/** The subscriptions of one client that are sent together, and the newest frame that waits for them. */
export class Slot {
  readonly members: Subscribed[] = [];
  waiting: SourceFrame | undefined;
  busy = false;
  /** When something was sent last: slots of one priority take turns. */
  servedMs = 0;
  #dueMs = -Infinity;

  constructor(
    readonly camera: number,
    private readonly drops: DropSink,
  ) {}

  /** 0 first. */
  get priority(): number {
    return Math.min(...this.members.map(({ want }) => want.priority ?? 5));
  }

  /** Takes one more in. The frame that waits is given up: it may lack what this one wants, and was offered before the client was told its classes. */
  join(member: Subscribed): void {
    if (this.waiting !== undefined) this.drop();
    this.members.push(member);
  }

  /** Offers a frame; true when it is to be sent. One that waited is overtaken. */
  offer(frame: SourceFrame, nowMs: number): boolean {
    if (this.members.length === 0 || !this.members.every(({ want }) => frame.has(want)) || !this.#due(nowMs)) return false;
    if (this.waiting !== undefined) this.drop();
    this.waiting = frame;
    return true;
  }

  /** Gives up the frame that waits. */
  drop(): void {
    this.waiting = undefined;
    for (const member of this.members) member.dropped += 1;
    this.drops.add('masks', this.members.length);
  }

  #due(nowMs: number): boolean {
    const rate = Math.min(...this.members.map(({ want }) => want.rate ?? Infinity));
    if (rate === Infinity) return true;
    const period = 1000 / rate;
    // Frames jitter: one a quarter early is the one that was meant.
    if (nowMs < this.#dueMs - period / 4) return false;
    this.#dueMs = nowMs > this.#dueMs + period ? nowMs + period : this.#dueMs + period;
    return true;
  }
}
