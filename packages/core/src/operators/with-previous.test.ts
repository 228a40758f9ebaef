import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { withPrevious } from './with-previous.js';

const [a, b, d] = [{ sequence: 4 }, { sequence: 5 }, { sequence: 9 }];

describe('withPrevious', () => {
  const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

  it('pairs neighbours, counts what is missing, and begins anew with the numbering', () => {
    scheduler().run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-d-a-a-|', { a, b, d });
      expectObservable(source.pipe(withPrevious())).toBe('-1-2-3-4-5-|', {
        1: { current: a, gap: 0 },
        2: { current: b, previous: a, gap: 0 },
        3: { current: d, previous: b, gap: 3 },
        4: { current: a, gap: 0 },
        5: { current: a, gap: 0 },
      });
      expectSubscriptions(source.subscriptions).toBe('^----------!');
    });
  });

  it('keeps nothing between subscriptions, and passes errors and unsubscription on', () => {
    scheduler().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', { a });
      const pairs = source.pipe(withPrevious());
      expectObservable(pairs).toBe('x-#', { x: { current: a, gap: 0 } });
      expectObservable(pairs, '---^!').toBe('---x', { x: { current: a, gap: 0 } });
      expectSubscriptions(source.subscriptions).toBe(['^-!', '---^!']);
    });
  });
});
