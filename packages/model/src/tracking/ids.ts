/** Most that a 16-bit instance map can hold. */
const MOST = 0xffff;

/** What an `IdPool` knows. */
export interface IdPoolState {
  readonly next: number;
  readonly retired: readonly number[];
}

/**
 * Gives out ids from 1 to 65535, never the same twice; only when a stream has used all of them, those that were retired
 * longest ago come again.
 */
export class IdPool {
  #next: number;
  #retired: number[];

  /**
   * @param most the largest id
   * @param first the first id to give; those below it count as retired
   */
  constructor(
    private readonly most = MOST,
    first = 1,
  ) {
    this.#next = first;
    this.#retired = Array.from({ length: Math.min(first - 1, most) }, (_, i) => i + 1);
  }

  /** What it knows: a view, to be copied before the pool goes on. */
  get state(): IdPoolState {
    return { next: this.#next, retired: this.#retired };
  }

  /** A pool that goes on from a state, which is its own from then on. */
  static from({ next, retired }: IdPoolState): IdPool {
    const pool = new IdPool();
    pool.#next = next;
    pool.#retired = [...retired];
    return pool;
  }

  /** The largest id given so far; one less than the first before that. */
  get last(): number {
    return Math.min(this.#next - 1, this.most);
  }

  /** A new id; 0 where every one is in use. */
  take(): number {
    return this.#next <= this.most ? this.#next++ : (this.#retired.shift() ?? 0);
  }

  /** Says that nothing carries an id any more. */
  retire(id: number): void {
    if (id > 0) this.#retired.push(id);
  }
}
