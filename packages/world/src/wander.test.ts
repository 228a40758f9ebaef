import { describe, expect, it } from '@jest/globals';
import { wander } from './wander.js';

const over = (frames: number, rate: number, what: 'stops' | 'warmth'): number[] => Array.from({ length: frames }, (_, n) => wander(n, rate, what));

describe('wander', () => {
  it('is steady drift at first, to the last bit: the frames of training\'s records', () => {
    for (const rate of [0.5, -0.5, 0.1234567, -0.31, 0.07, 1e-4, 3]) for (const n of [0, 1, 2]) expect(wander(n, rate, 'stops')).toBe(n * rate);
    for (const rate of [0.03, -0.03, 0.0217, 0.2]) for (const n of [0, 1, 2]) expect(wander(n, rate, 'warmth')).toBe(n * rate);
    for (const n of [0, 1, 5, 1000]) expect(wander(n, 0, 'stops')).toBe(0);
  });

  it('goes to one side, back, and to the other one', () => {
    expect(over(13, 0.2, 'stops').map((stops) => Math.round(stops * 10) + 0)).toEqual([0, 2, 4, 6, 4, 2, 0, -2, -4, -6, -4, -2, 0]);
    expect(over(10, -0.5, 'stops').map((stops) => stops + 0)).toEqual([0, -0.5, -1, -0.5, 0, 0.5, 1, 0.5, 0, -0.5]);
  });

  it('stays near where it was set however long the clip, by one step per frame', () => {
    for (const rate of [0.5, -0.5, 0.12, 0.05, 0.001]) {
      const stops = over(3000, rate, 'stops');
      expect(Math.max(...stops.map(Math.abs))).toBeLessThanOrEqual(Math.max(0.6, 2 * Math.abs(rate)) + 1e-9);
      const steps = stops.slice(1).map((value, n) => Math.abs(Math.abs(value - stops[n]) - Math.abs(rate)));
      expect(Math.max(...steps)).toBeLessThan(1e-9);
    }
    for (const rate of [0.03, -0.011]) expect(Math.max(...over(3000, rate, 'warmth').map(Math.abs))).toBeLessThanOrEqual(0.1 + 1e-9);
  });
});
