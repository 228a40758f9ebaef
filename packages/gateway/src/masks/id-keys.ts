import type { DataPayload } from '@sextant/core';

/** Which key: a clip may have the numbers of the one before it. */
export interface KeyNumber {
  readonly clip: number;
  readonly sequence: number;
}

/** One key that clients hold. */
export interface IdKey extends KeyNumber {
  readonly payload: DataPayload;
}

/** Keys remembered of one encoding: clients of different speed hold different ones. */
const MAX_KEYS = 4;
/** After so many frames a key is too old to be much use. */
const KEY_FRAMES = 90;
/** A delta that is no smaller than this part of a key is not worth it (a moving camera); it is tried again after a while. */
const WORTH = 0.85;
const PAUSE_FRAMES = 30;

/** The keys of one encoding of label maps, and whether deltas pay. Deltas change a key, never another delta, so that any of them can be left out. */
export class IdKeys {
  #keys: IdKey[] = [];
  #keyBytes = 0;
  #pausedFrom = Infinity;
  #pausedUntil = -1;
  #newest = 0;

  /** The key that a client holds, if a delta of `payload`, which is of the frame of that number, on it is allowed and pays. */
  find(held: KeyNumber | undefined, payload: DataPayload, { clip, sequence }: KeyNumber): IdKey | undefined {
    this.#newest = sequence;
    const paused = sequence >= this.#pausedFrom && sequence < this.#pausedUntil;
    if (held?.clip !== clip || paused || sequence <= held.sequence || sequence - held.sequence > KEY_FRAMES) return undefined;
    const key = this.#keys.find((known) => known.clip === clip && known.sequence === held.sequence);
    return key !== undefined && key.payload.width === payload.width && key.payload.height === payload.height ? key : undefined;
  }

  add({ clip, sequence }: KeyNumber, payload: DataPayload, bytes: number): void {
    this.#keyBytes = bytes;
    this.#keys.push({ clip, sequence, payload });
    if (this.#keys.length > MAX_KEYS) this.#keys.shift();
  }

  /** Notes the size of a delta. Where it did not pay, the next frames are keys; this one stays what it is for all clients. */
  measured(bytes: number): void {
    if (bytes <= this.#keyBytes * WORTH) return;
    this.#pausedFrom = this.#newest + 1;
    this.#pausedUntil = this.#newest + 1 + PAUSE_FRAMES;
  }

  /** Another clip: its numbers may begin anew. */
  clear(): void {
    this.#keys = [];
    this.#pausedFrom = Infinity;
    this.#pausedUntil = -1;
  }
}
