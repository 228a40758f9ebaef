import { filter, withLatestFrom, map } from 'rxjs';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';

/** Lets at most the newest `hz$` frames (or whatever has a stamp, nanoseconds) per second through, by their stamps; 0: all. May change while the stream runs. */
export function capRate<T extends { readonly stamp: bigint }>(hz$: Observable<number>): MonoTypeOperatorFunction<T> {
  return (frames$) => {
    let due: number | undefined;
    let rate = 0;
    return frames$.pipe(
      withLatestFrom(hz$),
      filter(([{ stamp }, hz]) => {
        if (hz !== rate) [rate, due] = [hz, undefined];
        if (hz === 0) return true;
        const [now, period] = [Number(stamp) / 1e9, 1 / hz];
        // Stamps jitter: a frame a hair early is the one that was meant. A clock that jumped back begins anew.
        if (due !== undefined && now < due - period / 100 && due - now <= 2 * period) return false;
        due = due === undefined || Math.abs(now - due) > period ? now + period : due + period;
        return true;
      }),
      map(([frame]) => frame),
    );
  };
}
