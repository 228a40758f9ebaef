import { RateMeter } from '@sextant/core';
import type { ControlBodies, DropSink, ErrorMessage, MaskKind, Modality, SegmentationClass, StreamRequest } from '@sextant/core';
import type { Outbox } from './outbox.js';
import { withSupersets } from './supersets.js';
import { Slot } from './slot.js';
import type { Subscribed } from './slot.js';
import type { SourceFrame } from './source-frame.js';

/** What the streams of a session get from it. */
export interface StreamsHost {
  readonly outbox: Outbox;
  readonly drops: DropSink;
  send<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): void;
  refused(error: Omit<ErrorMessage, 'final'>): void;
  /** Subscriptions to a camera came or went. */
  changed(camera: number): void;
}

/** The subscriptions of one client, in slots that are sent together. */
export class SessionStreams {
  readonly #subscriptions = new Map<number, { readonly subscribed: Subscribed; readonly slot: Slot }>();
  readonly #groups = new Map<string, Slot>();
  /** Classes of the tables that this client has: a number may come to mean others. */
  readonly #sentTables = new Map<number, readonly SegmentationClass[]>();

  constructor(
    private readonly host: StreamsHost,
    private readonly maxStreams: number,
  ) {}

  /** Subscribes, or refuses in words. */
  add(id: number, want: StreamRequest): void {
    const refuse = (code: ErrorMessage['code'], message: string, hint: string): void => {
      this.host.refused({ code, message, hint, stream: id });
    };
    if (this.#subscriptions.has(id)) refuse('bad-argument', `stream ${id} is subscribed already`, 'Take another number.');
    else if (this.#subscriptions.size >= this.maxStreams) refuse('too-large', `there are ${this.maxStreams} streams already, more are not allowed`, 'Unsubscribe from some.');
    else {
      const camera = want.camera ?? 0;
      const slot = this.#slot(id, camera, want.group ?? 0);
      const subscribed: Subscribed = { id, want, held: undefined, sent: 0, bytes: 0, dropped: 0, rate: new RateMeter({ capacity: 128 }) };
      slot.join(subscribed);
      this.#subscriptions.set(id, { subscribed, slot });
      this.host.send('subscribed', { id });
      this.host.changed(camera);
    }
  }

  /** The slot of a group, made with its first member; a stream without one has a slot to itself. */
  #slot(id: number, camera: number, group: number): Slot {
    const name = group === 0 ? `stream ${id}` : `${camera} ${group}`;
    let slot = this.#groups.get(name);
    if (slot === undefined) {
      slot = new Slot(camera, this.host.drops);
      this.#groups.set(name, slot);
      this.host.outbox.add(slot);
    }
    return slot;
  }

  /** Ends a subscription; one that is not there is none of anybody's business: it was refused, or its camera ended. */
  remove(id: number): void {
    const found = this.#subscriptions.get(id);
    if (found === undefined) return;
    const { slot, subscribed } = found;
    this.#subscriptions.delete(id);
    slot.members.splice(slot.members.indexOf(subscribed), 1);
    if (slot.members.length === 0) {
      for (const [name, other] of this.#groups) if (other === slot) this.#groups.delete(name);
      this.host.outbox.remove(slot);
    }
    this.host.changed(slot.camera);
  }

  /** Ends all of a camera. */
  removeCamera(camera: number): void {
    for (const [id, { slot }] of [...this.#subscriptions]) if (slot.camera === camera) this.remove(id);
  }

  /** Ends, in words, what can be had no more: a group waits for all of its members and would never be sent again. */
  keep(kinds: readonly MaskKind[]): void {
    for (const [id, { subscribed: { want: { kind } } }] of [...this.#subscriptions]) {
      if (kinds.includes(kind)) continue;
      this.remove(id);
      this.host.send('error', { code: 'unsupported', message: `this server computes no ${kind} any more`, hint: `It has ${kinds.join(', ')}: ask for these.`, stream: id });
    }
  }

  /** True while something of a camera is subscribed to. */
  listensTo(camera: number): boolean {
    return [...this.#groups.values()].some((slot) => slot.camera === camera);
  }

  /** What a camera's subscriptions need of the model. */
  modalities(camera: number): readonly Modality[] {
    const kinds = this.#wants(camera).filter(({ referred }) => referred !== true).map(({ kind }) => kind);
    return [...new Set(kinds)].filter((kind): kind is Modality => kind !== 'rgb');
  }

  /** True where what the prompt names is subscribed to. */
  wantsReferred(camera: number): boolean {
    return this.#wants(camera).some(({ referred }) => referred === true);
  }

  #wants(camera: number): StreamRequest[] {
    return [...this.#subscriptions.values()].filter(({ slot }) => slot.camera === camera).map(({ subscribed }) => subscribed.want);
  }

  /** Offers a frame of a camera to all that want it. */
  offer(camera: number, frame: SourceFrame): void {
    const nowMs = performance.now();
    let offered = false;
    for (const slot of this.#groups.values()) {
      if (slot.camera !== camera || !slot.offer(frame, nowMs)) continue;
      offered = true;
      this.#tellClasses(slot, frame);
    }
    if (offered) this.host.outbox.pump();
  }

  /** Sends the class table before the first labels that need it, and refuses names that are not in it. */
  #tellClasses({ members }: Slot, frame: SourceFrame): void {
    for (const { id, want } of members.filter(({ want: { kind } }) => kind === 'segmentation')) {
      const { number: table, classes } = frame.table(want)!;
      if (this.#sentTables.get(table) !== classes) {
        this.#sentTables.set(table, classes);
        const phrase = want.referred === true ? frame.perception.referred?.phrase : undefined;
        this.host.send('classes', { table, classes: withSupersets(classes), ...(phrase !== undefined && { phrase }) });
      }
      const unknown = want.classes?.filter((word) => typeof word === 'string' && !classes.some(({ name }) => name === word)) ?? [];
      if (unknown.length === 0) continue;
      this.remove(id);
      this.host.refused({ code: 'bad-argument', message: `no class is called ${unknown.join(', ')}`, hint: `Classes: ${classes.map(({ name }) => name).join(', ')}.`.slice(0, 3900), stream: id });
    }
  }

  /** Tells the client its counters, if it has any streams. */
  tellStats(): void {
    if (this.#subscriptions.size === 0) return;
    const nowMs = performance.now();
    const streams = [...this.#subscriptions.values()].map(({ subscribed: { id, sent, bytes, dropped, rate } }) => ({ id, sent, bytes, dropped, rate: Math.round(rate.rate(nowMs) * 100) / 100 }));
    const { bandwidth } = this.host.outbox;
    this.host.send('stats', { streams, ...(bandwidth !== undefined && { bandwidth }) });
  }
}
