import { defer, map } from 'rxjs';
import type { OperatorFunction } from 'rxjs';

/** Anything its source numbered, such as a `Frame`. */
export interface Sequenced {
  readonly sequence: number;
}

/** A value with the one before it. */
export interface WithPrevious<T> {
  readonly current: T;
  /** The value before, as far back as `gap` says; absent on the first value and after a restart of the numbering. */
  readonly previous?: T;
  /** Values missing between `previous` and `current` by their sequence numbers; 0 when they are neighbours. */
  readonly gap: number;
}

/**
 * Pairs each value with the one before it and says how many were lost between them. A sequence number that does not
 * grow means the source began anew: that value comes without a previous one, as the first does.
 */
export function withPrevious<T extends Sequenced>(): OperatorFunction<T, WithPrevious<T>> {
  return (source) =>
    defer(() => {
      let last: T | undefined;
      return source.pipe(
        map((current) => {
          const previous = last;
          last = current;
          if (previous === undefined || current.sequence <= previous.sequence) return { current, gap: 0 };
          return { current, previous, gap: current.sequence - previous.sequence - 1 };
        }),
      );
    });
}
