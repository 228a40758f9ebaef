import { describe, expect, it } from '@jest/globals';
import { from } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { DropCounter } from '../meters/drop-counter.js';
import { throttleRate } from './throttle-rate.js';

/** Milliseconds of the stamps that pass. */
function passed(hz: number, milliseconds: readonly number[], drops = new DropCounter()): number[] {
  const seen: number[] = [];
  const base = 1_700_000_000_000_000_000n;
  from(milliseconds.map((ms) => ({ stamp: base + BigInt(Math.round(ms * 1e6)) })))
    .pipe(throttleRate(hz, { drops }))
    .subscribe(({ stamp }) => seen.push(Number(stamp - base) / 1e6));
  return seen;
}

describe('throttleRate', () => {
  it('caps by stamps and counts what it drops', () => {
    const drops = new DropCounter();
    expect(passed(10, [0, 50, 100, 150, 200, 250], drops)).toEqual([0, 100, 200]);
    expect(drops.snapshot()).toEqual({ throttleRate: 3 });
  });

  it('keeps the average rate where the rates do not divide', () => {
    const stamps = Array.from({ length: 300 }, (_, i) => (i * 1000) / 30); // 10 s at 30 Hz
    expect(passed(20, stamps)).toHaveLength(200);
    expect(passed(30, stamps)).toHaveLength(300);
    expect(passed(7, stamps)).toHaveLength(70);
  });

  it('does not make up for a pause with a burst', () => {
    expect(passed(10, [0, 1000, 1010, 1020, 1100, 1200])).toEqual([0, 1000, 1100, 1200]);
  });

  it('starts anew when stamps jump back', () => {
    expect(passed(10, [5000, 5100, 0, 50, 100])).toEqual([5000, 5100, 0, 100]);
  });

  it('passes everything at Infinity', () => {
    expect(passed(Infinity, [0, 0.001, 0.002])).toEqual([0, 0.001, 0.002]);
  });

  it('caps by a scheduler, and passes completion, error and unsubscription on', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const capped = throttleRate<string>(1000 / 3, { scheduler }); // a period of three frames
      const source = hot('abcdefg-|');
      const failing = hot('ab#');
      const left = hot('abcdefg');
      expectObservable(source.pipe(capped)).toBe('a--d--g-|');
      expectObservable(failing.pipe(capped)).toBe('a-#');
      expectObservable(left.pipe(capped), '^---!').toBe('a--d');
      expectSubscriptions(source.subscriptions).toBe('^-------!');
      expectSubscriptions(failing.subscriptions).toBe('^-!');
      expectSubscriptions(left.subscriptions).toBe('^---!');
    });
  });

  it('refuses a rate that is not positive', () => {
    for (const hz of [0, -1, Number.NaN]) expect(() => throttleRate(hz)).toThrow(/values per second/);
  });
});
