import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { RateMeter } from '../meters/rate-meter.js';
import { fpsMeter } from './fps-meter.js';

describe('fpsMeter', () => {
  it('passes values on and marks them by the clock', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    const meter = new RateMeter();
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' a 39ms b 39ms c 39ms d 39ms e |');
      expectObservable(source.pipe(fpsMeter(meter, scheduler))).toBe('a 39ms b 39ms c 39ms d 39ms e |');
      expectSubscriptions(source.subscriptions).toBe('^ 160ms !');
    });
    expect(meter.count).toBe(5);
    expect(meter.rate(160)).toBeCloseTo(25, 6);
  });
});
