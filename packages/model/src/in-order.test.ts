import { describe, expect, it } from '@jest/globals';
import { mergeMap, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { inOrder } from './in-order.js';

const marbles = (test: Parameters<TestScheduler['run']>[0]): unknown =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

describe('inOrder', () => {
  it('starts each at once and holds its results until those before have ended', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const inner = { a: cold('--x---y|'), b: cold('-(z|)'), c: cold('---------v|'), d: cold('|') };
      const result = hot('abcd-|').pipe(mergeMap(inOrder((value) => inner[value as keyof typeof inner])));
      expectObservable(result).toBe('--x---yz---v|'); // b with the end of a, c as it comes
      expectSubscriptions(inner.b.subscriptions).toBe('-^!');
      expectSubscriptions(inner.c.subscriptions).toBe('--^---------!');
    });
  });

  it('holds an error too, also one that is thrown', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const error = new Error('no');
      const fails = (value: string) => {
        if (value === 'b') throw error;
        return cold('---(x|)');
      };
      expectObservable(hot('ab--').pipe(mergeMap(inOrder(fails)))).toBe('---(x#)', undefined, error);
    });
  });

  it('releases what runs when unsubscribed, and passes on what comes at once', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const inner = cold('-----x|');
      expectObservable(hot('ab--').pipe(mergeMap(inOrder((value) => (value === 'a' ? inner : of('y'))))), '^--!').toBe('----');
      expectSubscriptions(inner.subscriptions).toBe('^--!');
      expectObservable(of('a', 'b').pipe(mergeMap(inOrder((value) => of(value))))).toBe('(ab|)');
    });
  });
});
