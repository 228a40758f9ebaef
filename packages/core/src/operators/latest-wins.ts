import { Observable, from } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { SextantError } from '../errors.js';
import { attach } from '../internal/attach.js';
import type { DropSink } from '../meters/drop-counter.js';

/** How an operator that drops values says so. */
export interface DropOptions {
  /** Told of every dropped value; usually the pipeline's one `DropCounter`. */
  readonly drops?: DropSink;
  /** The name the drops are counted under. */
  readonly where?: string;
}

/** Options of `latestWins`. */
export interface LatestWinsOptions<T> extends DropOptions {
  /** Projections that may run at once; default 1. With more, results come in the order they finish. */
  readonly concurrency?: number;
  /** Called with each dropped value, to release what it holds. */
  readonly onDrop?: (value: T) => void;
}

/**
 * Runs an asynchronous projection on the newest value there is: like `exhaustMap`, but the newest value that came
 * meanwhile waits and goes next. A newer one replaces the one waiting, which is dropped and counted under
 * `where` (default `latestWins`); so a slow projection loses old frames and never holds more than one.
 *
 * After the source completes, the running projections and the waiting value still finish. An error of the source, of
 * `project` or of a projection goes through at once and cancels the rest, as unsubscribing does.
 *
 * @throws SextantError `bad-argument` for a concurrency that is not a positive integer.
 */
export function latestWins<T, R>(
  project: (value: T, index: number) => ObservableInput<R>,
  options: LatestWinsOptions<T> = {},
): OperatorFunction<T, R> {
  const { drops, where = 'latestWins', concurrency = 1, onDrop } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new SextantError('bad-argument', `latestWins cannot run ${concurrency} projections at once`, {
      hint: 'Give a concurrency of 1 or more.',
      details: { concurrency },
    });
  }
  return (source) =>
    new Observable<R>((subscriber) => {
      let running = 0;
      let index = 0;
      let ended = false;
      let waiting: { readonly value: T } | undefined;

      const start = (value: T): void => {
        let inner: Observable<R>;
        try {
          inner = from(project(value, index++));
        } catch (error) {
          subscriber.error(error);
          return;
        }
        running += 1;
        attach(inner, subscriber, {
          next: (result) => subscriber.next(result),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            running -= 1;
            if (waiting !== undefined) {
              const next = waiting;
              waiting = undefined;
              start(next.value);
            } else if (ended && running === 0) {
              subscriber.complete();
            }
          },
        });
      };

      attach(source, subscriber, {
        next: (value) => {
          if (running < concurrency) {
            start(value);
            return;
          }
          const replaced = waiting;
          waiting = { value };
          if (replaced !== undefined) {
            drops?.add(where);
            onDrop?.(replaced.value);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          ended = true;
          if (running === 0) subscriber.complete();
        },
      });
    });
}
