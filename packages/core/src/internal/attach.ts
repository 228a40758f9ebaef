import { Subject, takeUntil } from 'rxjs';
import type { Observable, Observer, Subscriber } from 'rxjs';

/**
 * Subscribes an operator to a source so that the source stops as soon as `subscriber` is done, even one that emits
 * synchronously inside `subscribe`, when its subscription is not in hand yet. Leaves nothing on `subscriber` once
 * the source has ended, so an operator may attach thousands of projections one after the other.
 */
export function attach<T>(source: Observable<T>, subscriber: Subscriber<unknown>, observer: Observer<T>): void {
  if (subscriber.closed) return; // by the projection that made the source
  const stop = new Subject<void>();
  const release = (): void => stop.next();
  subscriber.add(release);
  source.pipe(takeUntil(stop)).subscribe({
    next: (value) => observer.next(value),
    error: (error: unknown) => observer.error(error),
    complete: () => {
      if (subscriber.closed) return; // stopped, not ended
      subscriber.remove(release);
      observer.complete();
    },
  });
}
