import { describe, expect, it } from '@jest/globals';
import { niceTicks } from './nice-ticks.js';

describe('niceTicks', () => {
  it.each<[number, number, number[]]>([
    [1, 10, [1, 2, 3, 5, 7, 10]],
    [0.5, 40, [0.5, 1, 2, 5, 10, 20, 40]],
    [2.1, 3.4, [2.5, 3]],
  ])('%d .. %d', (near, far, ticks) => {
    expect(niceTicks(near, far)).toEqual(ticks);
  });

  it('keeps labels apart whatever the range', () => {
    for (let far = 1.1; far < 1e4; far *= 1.7) {
      const ticks = niceTicks(1, far);
      const places = ticks.map((t) => Math.log(t) / Math.log(far));
      expect(places.slice(1).every((place, i) => place - places[i] >= 0.13)).toBe(true);
    }
  });

  it('has none for a range that is none', () => {
    expect(niceTicks(0, 1)).toEqual([]);
    expect(niceTicks(2, 2)).toEqual([]);
    expect(niceTicks(NaN, 2)).toEqual([]);
  });
});
