import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { DropCounter } from '../meters/drop-counter.js';
import { stampOrder } from './stamp-order.js';
import type { ClockJump } from './stamp-order.js';

const values = { a: { stamp: 10n }, b: { stamp: 20n }, c: { stamp: 30n }, z: { stamp: 5_000_000_000n } };

describe('stampOrder', () => {
  const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

  it('drops and counts late and doubled stamps', () => {
    scheduler().run(({ hot, expectObservable, expectSubscriptions, flush }) => {
      const drops = new DropCounter();
      const source = hot('ab-a-b-c|', values);
      expectObservable(source.pipe(stampOrder({ drops, where: 'camera' }))).toBe('ab-----c|', values);
      expectSubscriptions(source.subscriptions).toBe('^-------!');
      flush();
      expect(drops.snapshot()).toEqual({ camera: 2 });
    });
  });

  it('takes a long step back for a new clock and reports it', () => {
    scheduler().run(({ hot, expectObservable, flush }) => {
      const jumps: ClockJump[] = [];
      const drops = new DropCounter();
      const result = hot('az-a-b-c-#', values).pipe(stampOrder({ drops, onJump: (jump) => jumps.push(jump) }));
      expectObservable(result).toBe('az-a-b-c-#', values);
      flush();
      expect(jumps).toEqual([{ from: 5_000_000_000n, to: 10n }]);
      expect(drops.total).toBe(0);
    });
  });

  it('orders each subscription by itself and unsubscribes the source', () => {
    scheduler().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('c-b-a-', values);
      const ordered = source.pipe(stampOrder());
      expectObservable(ordered, '^--!').toBe('c', values);
      expectObservable(ordered, '-^--!').toBe('-c', values);
      expectSubscriptions(source.subscriptions).toBe(['^--!', '-^--!']);
    });
  });
});
