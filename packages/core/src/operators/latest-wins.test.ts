import { describe, expect, it } from '@jest/globals';
import { Observable, Subject, of, take } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { DropCounter } from '../meters/drop-counter.js';
import { latestWins } from './latest-wins.js';

const marbles = (test: Parameters<TestScheduler['run']>[0]): unknown =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

describe('latestWins', () => {
  it('runs the newest waiting value next and counts those it replaced', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions, flush }) => {
      const drops = new DropCounter();
      const dropped: string[] = [];
      const source = hot(' -a-b-c-d-----------|');
      const subs = '       ^------------------!';
      const inner: Record<string, ReturnType<typeof cold<string>>> = {
        a: cold('           -----(x|)', { x: 'A' }),
        d: cold('           -----(x|)', { x: 'D' }),
        c: cold('           -----(x|)', { x: 'C' }),
      };
      const expected = '   ------A----C----D--|';
      const result = source.pipe(
        latestWins((value) => inner[value], { drops, where: 'model', onDrop: (value) => dropped.push(value) }),
      );
      expectObservable(result).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
      expectSubscriptions(inner.a.subscriptions).toBe(' -^----!');
      expectSubscriptions(inner.c.subscriptions).toBe(' ------^----!');
      expectSubscriptions(inner.d.subscriptions).toBe(' -----------^----!');
      flush();
      expect(drops.snapshot()).toEqual({ model: 1 });
      expect(dropped).toEqual(['b']);
    });
  });

  it('completes at once with the source when nothing runs', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const result = hot('-a----|').pipe(latestWins(() => cold('-x|')));
      expectObservable(result).toBe('--x---|');
    });
  });

  it('lets the running and the waiting value finish after the source', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-ab|');
      const result = source.pipe(latestWins((value) => cold('---(x|)', { x: value })));
      expectObservable(result).toBe('----a--(b|)');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('passes an error of the source at once and unsubscribes the projection', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a--#');
      const inner = cold('      -x-----|');
      expectObservable(source.pipe(latestWins(() => inner))).toBe('--x-#');
      expectSubscriptions(inner.subscriptions).toBe('             -^--!');
    });
  });

  it('passes an error of a projection and unsubscribes the source', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-c-|');
      const inner = cold('      ---#');
      expectObservable(source.pipe(latestWins(() => inner))).toBe('----#');
      expectSubscriptions(source.subscriptions).toBe('            ^---!');
      expectSubscriptions(inner.subscriptions).toBe('             -^--!');
    });
  });

  it('passes what the projection throws', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-|');
      const result = source.pipe(
        latestWins((): Observable<string> => {
          throw new Error('no');
        }),
      );
      expectObservable(result).toBe('-#', undefined, new Error('no'));
      expectSubscriptions(source.subscriptions).toBe('^!');
    });
  });

  it('does not start what is projected while the projection unsubscribes', () => {
    const frames = new Subject<string>();
    let started = 0;
    const never = new Observable<string>(() => { started += 1; });
    const subscription = frames.pipe(latestWins(() => {
      subscription.unsubscribe();
      return never;
    })).subscribe();
    frames.next('a');
    expect([started, frames.observed]).toEqual([0, false]);
  });

  it('releases source and projection when unsubscribed, and starts nothing that waits', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions, flush }) => {
      const started: string[] = [];
      const source = hot('-a-b---c--|');
      const inner = cold('      ----x|');
      const result = source.pipe(
        latestWins((value) => {
          started.push(value);
          return inner;
        }),
      );
      expectObservable(result, '^---!').toBe('-----');
      expectSubscriptions(source.subscriptions).toBe('^---!');
      expectSubscriptions(inner.subscriptions).toBe(' -^--!');
      flush();
      expect(started).toEqual(['a']);
    });
  });

  it('runs n at once, results in the order they finish', () => {
    marbles(({ cold, hot, expectObservable, flush }) => {
      const drops = new DropCounter();
      const inner: Record<string, Observable<string>> = {
        a: cold('------(x|)', { x: 'A' }),
        b: cold(' --(x|)', { x: 'B' }),
        c: cold(' --(x|)', { x: 'C' }),
        d: cold(' --(x|)', { x: 'D' }),
      };
      const result = hot('ab(cd)-----|').pipe(latestWins((value) => inner[value], { concurrency: 2, drops }));
      expectObservable(result).toBe('---B-DA----|');
      flush();
      expect(drops.snapshot()).toEqual({ latestWins: 1 });
    });
  });

  it('takes synchronous projections without loss, numbers them, and keeps no state between subscriptions', () => {
    const indices: number[] = [];
    const piped = of(1, 2, 3).pipe(
      latestWins((value, index) => {
        indices.push(index);
        return [value * 10];
      }),
    );
    const seen: number[] = [];
    piped.subscribe((value) => seen.push(value));
    piped.subscribe((value) => seen.push(value));
    expect(seen).toEqual([10, 20, 30, 10, 20, 30]);
    expect(indices).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('stops a source and a projection that emit synchronously', () => {
    let produced = 0;
    let projected = 0;
    const endless = (count: () => void): Observable<number> =>
      new Observable((subscriber) => {
        while (!subscriber.closed) {
          count();
          subscriber.next(1);
        }
      });
    const seen: number[] = [];
    endless(() => (produced += 1))
      .pipe(latestWins(() => endless(() => (projected += 1))), take(3))
      .subscribe((value) => seen.push(value));
    expect({ seen, produced, projected }).toEqual({ seen: [1, 1, 1], produced: 1, projected: 3 });
  });

  it('refuses a concurrency below 1', () => {
    expect(() => latestWins((x: number) => of(x), { concurrency: 0 })).toThrow(/0 projections/);
  });
});
