import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { DropCounter } from '../meters/drop-counter.js';
import { latest } from './latest.js';

const marbles = (test: Parameters<TestScheduler['run']>[0]): unknown =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

describe('latest', () => {
  it('delivers the last of a burst and counts the others', () => {
    marbles(({ hot, expectObservable, expectSubscriptions, flush }) => {
      const drops = new DropCounter();
      const source = hot('-(abc)---d--|');
      expectObservable(source.pipe(latest({ drops }))).toBe('-c-------d--|');
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
      flush();
      expect(drops.snapshot()).toEqual({ latest: 2 });
    });
  });

  it('delivers a waiting value before completion', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-(ab|)').pipe(latest())).toBe('-(b|)');
    });
  });

  it('passes an error at once, without the waiting value', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-(ab#)').pipe(latest())).toBe('-#');
    });
  });

  it('delivers nothing after being unsubscribed', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a--b--c--');
      expectObservable(source.pipe(latest()), '^---!').toBe('a--b');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });
});
