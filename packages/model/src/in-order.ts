import { EMPTY, Observable, ReplaySubject, Subject, concat, defer } from 'rxjs';
import type { ObservableInput } from 'rxjs';

/**
 * A projection whose results come in the order in which it was started, for operators that run several at once (`mergeMap`, `latestWins`,
 * `inTurn`): each starts at once, and its results and its end, an error too, are held until those started before it have ended. What runs
 * and what is held are therefore never more than the operator's concurrency. One for each subscription.
 */
export function inOrder<T, R>(project: (value: T) => ObservableInput<R>): (value: T) => Observable<R> {
  let newest: Observable<never> = EMPTY;
  return (value) =>
    new Observable<R>((subscriber) => {
      const before = newest;
      const ended = new Subject<never>();
      newest = ended;
      const results = new ReplaySubject<R>();
      subscriber.add(defer(() => project(value)).subscribe(results));
      subscriber.add(
        concat(before, results).subscribe({
          next: (result) => subscriber.next(result),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            subscriber.complete();
            ended.complete();
          },
        }),
      );
    });
}
