import { defer, filter } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { DropOptions } from './latest-wins.js';
import type { Stamped } from './throttle-rate.js';

/** A clock that was set back: the newest stamp before and the first stamp after, nanoseconds. */
export interface ClockJump {
  readonly from: bigint;
  readonly to: bigint;
}

/** Options of `stampOrder`. */
export interface StampOrderOptions extends DropOptions {
  /** A step back longer than this is a new clock (a looped file, a restarted simulation), nanoseconds; default one second. */
  readonly resetAfter?: bigint;
  /** Told of each clock set back. */
  readonly onJump?: (jump: ClockJump) => void;
}

/**
 * Keeps stamps increasing. A value stamped no later than the newest one so far (late or doubled) is dropped and counted
 * under `where` (default `stampOrder`); a step back of more than `resetAfter` is taken for a clock set back: reported
 * to `onJump`, passed on, and the order starts anew there, so that a looped clip does not stall.
 */
export function stampOrder<T extends Stamped>(options: StampOrderOptions = {}): MonoTypeOperatorFunction<T> {
  const { drops, where = 'stampOrder', resetAfter = 1_000_000_000n, onJump } = options;
  return (source) =>
    defer(() => {
      let newest: bigint | undefined;
      return source.pipe(
        filter(({ stamp }) => {
          if (newest !== undefined && stamp <= newest) {
            if (newest - stamp <= resetAfter) {
              drops?.add(where);
              return false;
            }
            onJump?.({ from: newest, to: stamp });
          }
          newest = stamp;
          return true;
        }),
      );
    });
}
