import { SextantError, type DropSink } from '@sextant/core';
import { Observable, Subscription, from } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';

interface Asking {
  readonly who: object;
  readonly granted: () => void;
}

/**
 * Turns at something that several share, the one model: at most `capacity` at a time, and of those who ask, the one that was served
 * longest ago is next. So everybody gets an equal share, whatever the rate at which they ask, and what one leaves the others can use.
 */
export class Turns {
  readonly #asking: Asking[] = [];
  readonly #served = new WeakMap<object, number>();
  #count = 0;
  #taken = 0;

  /** @param capacity turns at a time. @default 1. @throws SextantError `bad-argument` for what is no positive integer: nobody's turn would ever come. */
  constructor(private readonly capacity = 1) {
    checkCount('there cannot be', capacity, 'turns at a time');
  }

  /** Asks for a turn: `granted` is called once, perhaps at once. Returns how to give the turn back, or to stop asking. */
  ask(who: object, granted: () => void): () => void {
    const asking = { who, granted };
    this.#asking.push(asking);
    this.#next();
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const index = this.#asking.indexOf(asking);
      if (index >= 0) this.#asking.splice(index, 1);
      else {
        this.#taken -= 1;
        this.#next();
      }
    };
  }

  #next(): void {
    while (this.#taken < this.capacity && this.#asking.length > 0) {
      const last = ({ who }: Asking): number => this.#served.get(who) ?? -1;
      const next = this.#asking.reduce((a, b) => (last(b) < last(a) ? b : a));
      this.#asking.splice(this.#asking.indexOf(next), 1);
      this.#taken += 1;
      this.#served.set(next.who, ++this.#count);
      next.granted();
    }
  }
}

function checkCount(before: string, count: number, after: string): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new SextantError('bad-argument', `${before} ${count} ${after}`, { hint: 'Give 1 or more.', details: { count } });
}

/**
 * Like `latestWins`, with values that wait for a turn: when it comes, the newest value there is goes, older ones are dropped and counted.
 * The turn ends with the projection. Unsubscribing gives turns back.
 * @throws SextantError `bad-argument` for a concurrency that is no positive integer.
 */
export function inTurn<T, R>(
  turns: Turns, project: (value: T) => ObservableInput<R>, options: { readonly concurrency?: number; readonly drops?: DropSink; readonly where?: string } = {},
): OperatorFunction<T, R> {
  const { concurrency = 1, drops, where = 'inTurn' } = options;
  checkCount('inTurn cannot run', concurrency, 'projections at once');
  return (source) =>
    new Observable<R>((subscriber) => {
      const who = {};
      let waiting: { readonly value: T } | undefined;
      let asking = false;
      let running = 0;
      let ended = false;
      const releases = new Set<() => void>();

      const ask = (): void => {
        if (asking || waiting === undefined || running >= concurrency || subscriber.closed) return;
        asking = true;
        // Granted now, before there is a way to give it back, or later.
        const turn: { granted: boolean; giveBack?: () => void } = { granted: false };
        turn.giveBack = turns.ask(who, () => {
          turn.granted = true;
          if (turn.giveBack !== undefined) run(turn.giveBack);
        });
        releases.add(turn.giveBack);
        if (turn.granted) run(turn.giveBack);
      };
      const run = (giveBack: () => void): void => {
        asking = false;
        const taken = waiting;
        waiting = undefined;
        const inner = new Subscription();
        subscriber.add(inner);
        const finish = (): void => {
          running -= 1;
          releases.delete(giveBack);
          giveBack();
          subscriber.remove(inner);
          if (waiting !== undefined) ask();
          else if (ended && running === 0) subscriber.complete();
        };
        running += 1;
        if (taken === undefined || subscriber.closed) {
          finish();
          return;
        }
        let projected: Observable<R>;
        try {
          projected = from(project(taken.value));
        } catch (error) {
          subscriber.error(error);
          return;
        }
        inner.add(projected.subscribe({ next: (value) => subscriber.next(value), error: (error: unknown) => subscriber.error(error), complete: finish }));
        if (waiting !== undefined) ask();
      };

      subscriber.add(() => {
        for (const release of releases) release();
      });
      subscriber.add(
        source.subscribe({
          next: (value) => {
            if (waiting !== undefined) drops?.add(where);
            waiting = { value };
            ask();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            ended = true;
            if (running === 0 && waiting === undefined) subscriber.complete();
          },
        }),
      );
    });
}
