import { BehaviorSubject } from 'rxjs';
import type { Observable } from 'rxjs';

/** Drops so far by the name of the place that dropped, e.g. `{ model: 12, rosbridge: 3 }`. */
export type DropTotals = Readonly<Record<string, number>>;

/** Anything an operator can report a dropped value to; a `DropCounter` is one. */
export interface DropSink {
  /** Counts `count` (default 1) values dropped at the place called `where`. */
  add(where: string, count?: number): void;
}

/**
 * Named counters of dropped values: one per pipeline, handed to every operator that may drop, published as
 * `dropped` in the stats line and `/metrics`. Counters only grow; a name appears with its first drop.
 */
export class DropCounter implements DropSink {
  readonly #totals = new BehaviorSubject<DropTotals>({});

  /** Emits the totals on subscription and after every change; each emission is a new frozen object. Never completes. */
  readonly totals: Observable<DropTotals> = this.#totals.asObservable();

  /** Counts `count` (default 1) drops at `where`. */
  add(where: string, count = 1): void {
    if (count === 0) return;
    this.#totals.next(Object.freeze({ ...this.#totals.value, [where]: this.count(where) + count }));
  }

  /** Drops at one place; 0 for a name never seen. */
  count(where: string): number {
    return this.#totals.value[where] ?? 0;
  }

  /** Drops at all places together. */
  get total(): number {
    return Object.values(this.#totals.value).reduce((sum, n) => sum + n, 0);
  }

  /** The totals now; the object never changes afterwards. */
  snapshot(): DropTotals {
    return this.#totals.value;
  }
}

/** A new counter with no drops. */
export function dropCounter(): DropCounter {
  return new DropCounter();
}
