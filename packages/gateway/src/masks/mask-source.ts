import { referredSegmentation } from '@sextant/core';
import type { Perception, SegmentationClass } from '@sextant/core';
import { IdKeys } from './id-keys.js';
import { SourceFrame } from './source-frame.js';

type Listener = (frame: SourceFrame) => void;

/** Nanoseconds since the Unix epoch, from the process's steady clock. */
export function unixNow(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
}

/** A class table: its number, and its classes, the same array for as long as the number means them. */
export interface ClassTable {
  readonly number: number;
  readonly classes: readonly SegmentationClass[];
}

/** Numbers the class tables of all sources of a server. */
export class ClassTables {
  readonly #known: (ClassTable & { readonly text: string })[] = [];

  /** The table of these classes; a new one for classes not seen before. */
  of(classes: readonly SegmentationClass[]): ClassTable {
    const last = this.#known.find((known) => known.classes === classes);
    if (last) return last;
    const text = JSON.stringify(classes);
    const same = this.#known.find((known) => known.text === text);
    if (same) return same;
    // One byte on the wire; a server has one table per model, and one per phrase that was ever looked for.
    if (this.#known.length > 255) this.#known.length = 0;
    const table = { number: this.#known.length, classes, text };
    this.#known.push(table);
    return table;
  }
}

/** The perceptions of one camera as clients get them: numbered by clip, encoded once for all. */
export class MaskSource {
  readonly #listeners = new Set<Listener>();
  readonly #keys = new Map<string, IdKeys>();
  readonly #tables: ClassTables;
  #clip = 0;
  #last: { readonly stamp: bigint; readonly sequence: number } | undefined;

  constructor(tables: ClassTables) {
    this.#tables = tables;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#keys.clear();
    };
  }

  /** Offers a perception to everybody who listens. */
  publish(perception: Perception): void {
    const { frame, reset, segmentation, referred } = perception;
    const back = this.#last !== undefined && (frame.stamp < this.#last.stamp || frame.sequence < this.#last.sequence);
    if ((reset !== undefined && this.#last !== undefined) || back) {
      this.#clip = (this.#clip + 1) >>> 0;
      for (const keys of this.#keys.values()) keys.clear();
    }
    this.#last = frame;
    if (this.#listeners.size === 0) return;
    const tables = {
      classes: segmentation && this.#tables.of(segmentation.classes),
      referred: referred && this.#tables.of(referredSegmentation(referred).classes),
    };
    const shared = new SourceFrame(perception, this.#clip, unixNow(), tables, (encoding) => this.#keysOf(encoding));
    for (const listener of [...this.#listeners]) listener(shared);
  }

  #keysOf(encoding: string): IdKeys {
    let keys = this.#keys.get(encoding);
    if (keys === undefined) {
      // Encodings that nobody asks for any more; those in use find a new key at once.
      if (this.#keys.size >= 64) this.#keys.clear();
      this.#keys.set(encoding, (keys = new IdKeys()));
    }
    return keys;
  }
}
