import { describe, expect, it } from '@jest/globals';
import { DropCounter, dropCounter } from './drop-counter.js';
import type { DropTotals } from './drop-counter.js';

describe('DropCounter', () => {
  it('counts by name', () => {
    const drops = dropCounter();
    drops.add('model');
    drops.add('rosbridge', 3);
    drops.add('model', 2);
    expect(drops.snapshot()).toEqual({ model: 3, rosbridge: 3 });
    expect(drops.count('model')).toBe(3);
    expect(drops.count('nobody')).toBe(0);
    expect(drops.total).toBe(6);
  });

  it('hands out snapshots that later drops do not change', () => {
    const drops = new DropCounter();
    drops.add('a');
    const before = drops.snapshot();
    drops.add('a');
    expect(before).toEqual({ a: 1 });
    expect(Object.isFrozen(before)).toBe(true);
  });

  it('emits totals on subscription and on each change, and not for zero', () => {
    const drops = new DropCounter();
    drops.add('a');
    const seen: DropTotals[] = [];
    const subscription = drops.totals.subscribe((totals) => seen.push(totals));
    drops.add('b', 0);
    drops.add('b');
    subscription.unsubscribe();
    drops.add('b');
    expect(seen).toEqual([{ a: 1 }, { a: 1, b: 1 }]);
  });
});
