import { Observable, asyncScheduler } from 'rxjs';
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs';
import { attach } from '../internal/attach.js';
import type { DropOptions } from './latest-wins.js';

/** Options of `latest`. */
export interface LatestOptions extends DropOptions {
  /** Whose next turn delivers; default `asyncScheduler`, a turn of the event loop. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Delivers the newest value once per turn of the scheduler: of a burst that arrives in one turn (after the event loop
 * was held up, say) only the last goes on, the others are dropped and counted under `where` (default `latest`).
 * A waiting value is delivered before completion; an error goes through at once and discards it.
 */
export function latest<T>(options: LatestOptions = {}): MonoTypeOperatorFunction<T> {
  const { drops, where = 'latest', scheduler = asyncScheduler } = options;
  return (source) =>
    new Observable<T>((subscriber) => {
      let waiting: { readonly value: T } | undefined;
      const deliver = (): void => {
        if (waiting === undefined) return;
        const { value } = waiting;
        waiting = undefined;
        subscriber.next(value);
      };
      attach(source, subscriber, {
        next: (value) => {
          const fresh = waiting === undefined;
          waiting = { value };
          if (!fresh) {
            drops?.add(where);
            return;
          }
          const turn = scheduler.schedule(() => {
            turn.unsubscribe(); // or every turn taken would stay listed on the subscriber
            deliver();
          });
          subscriber.add(turn);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          deliver();
          subscriber.complete();
        },
      });
    });
}
