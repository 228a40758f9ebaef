import { Observable } from 'rxjs';

/**
 * A stream of results: an RxJS observable that is also an async iterable. Cold: the server computes and sends nothing before
 * somebody subscribes or iterates, and stops when they end. Iteration is latest-wins: a body that takes long gets the newest
 * result next, never a queue; those passed over are released (`ImageBitmap.close()`) and counted in the client's statistics.
 */
export class Stream<T> extends Observable<T> implements AsyncIterable<T> {
  readonly #overtaken: (value: T) => void;

  /** @internal */
  constructor(origin: Observable<T>, overtaken: (value: T) => void = () => undefined) {
    super((subscriber) => origin.subscribe(subscriber));
    this.#overtaken = overtaken;
  }

  /** Iterates over the newest results; ends with the stream, throws its error. Breaking out unsubscribes. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    let newest: { readonly value: T } | undefined;
    let ended: { readonly error?: unknown } | undefined;
    let wake: (() => void) | undefined;
    const notify = (): void => {
      wake?.();
      wake = undefined;
    };
    const subscription = this.subscribe({
      next: (value) => {
        if (newest !== undefined) this.#overtaken(newest.value);
        newest = { value };
        notify();
      },
      error: (error: unknown) => {
        ended = { error };
        notify();
      },
      complete: () => {
        ended = {};
        notify();
      },
    });
    const stop = (): void => {
      subscription.unsubscribe();
      if (newest !== undefined) this.#overtaken(newest.value);
      newest = undefined;
      ended ??= {};
      notify();
    };
    const next = async (): Promise<IteratorResult<T, undefined>> => {
      for (;;) {
        if (newest !== undefined) {
          const { value } = newest;
          newest = undefined;
          return { done: false, value };
        }
        if (ended !== undefined) {
          if ('error' in ended) {
            const { error } = ended;
            ended = {};
            throw error;
          }
          return { done: true, value: undefined };
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    return {
      next,
      return: () => {
        stop();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
