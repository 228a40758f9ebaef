import { defer, filter } from 'rxjs';
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs';
import { SextantError } from '../errors.js';
import type { DropOptions } from './latest-wins.js';

/** Anything with a capture time in nanoseconds, such as a `Frame`. */
export interface Stamped {
  readonly stamp: bigint;
}

/** Options of `throttleRate`. */
export interface ThrottleRateOptions extends DropOptions {
  /** Measure by this clock instead of by the values' stamps. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Caps a stream at `hz` values per second, by the values' own stamps or, given a scheduler, by that clock. Values in
 * excess are dropped at once (never delayed) and counted under `where` (default `throttleRate`). The cap keeps its phase:
 * 30 Hz through `throttleRate(20)` gives 20 Hz on average, not 15. After a pause, or when time jumps backwards by
 * more than a period, the next value passes and the phase starts anew.
 *
 * @param hz greatest rate, values per second; `Infinity` passes everything
 * @throws SextantError `bad-argument` unless `hz` is positive.
 */
export function throttleRate<T extends Stamped>(hz: number, options?: DropOptions): MonoTypeOperatorFunction<T>;
export function throttleRate<T>(hz: number, options: DropOptions & { readonly scheduler: SchedulerLike }): MonoTypeOperatorFunction<T>;
export function throttleRate<T>(hz: number, options: ThrottleRateOptions = {}): MonoTypeOperatorFunction<T> {
  const { drops, where = 'throttleRate', scheduler } = options;
  if (!(hz > 0)) {
    throw new SextantError('bad-argument', `throttleRate cannot cap at ${hz} values per second`, {
      hint: 'Give a rate in hertz greater than 0.',
      details: { hz },
    });
  }
  const period = 1000 / hz;
  // A millionth of a period absorbs the rounding of stamps to nanoseconds and of the sums below.
  const slack = period * 1e-6 + 1e-6;
  return (source) =>
    defer(() => {
      let origin: bigint | undefined;
      let due = -Infinity;
      const milliseconds = (value: T): number => {
        if (scheduler !== undefined) return scheduler.now();
        const { stamp } = value as T & Stamped;
        origin ??= stamp; // relative, so that a double holds the nanoseconds
        return Number(stamp - origin) / 1e6;
      };
      return source.pipe(
        filter((value) => {
          const now = milliseconds(value);
          const jumpedBack = now < due - 2 * period - slack;
          if (now < due - slack && !jumpedBack) {
            drops?.add(where);
            return false;
          }
          due = jumpedBack || now >= due + period ? now + period : due + period;
          return true;
        }),
      );
    });
}
