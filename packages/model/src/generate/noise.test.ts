import { describe, expect, it } from '@jest/globals';
import { fillNoise } from './noise.js';

describe('fillNoise', () => {
  it('is standard normal', () => {
    const x = fillNoise(new Float32Array(100_001), 1, 2, 3);
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const moment = (k: number): number => x.reduce((a, b) => a + (b - mean) ** k, 0) / x.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(4)).toBeCloseTo(3, 0);
  });

  it('is the same for the same words and unrelated for others', () => {
    const one = (...words: number[]): Float32Array => fillNoise(new Float32Array(4096), ...words);
    expect(one(7, 0, 0)).toEqual(one(7, 0, 0));
    for (const other of [one(8, 0, 0), one(7, 1, 0), one(7, 0, 1), one(0, 7, 0), one(7, 0), one(7 + 2 ** 32, 0, 0)]) {
      const correlation = one(7, 0, 0).reduce((sum, v, i) => sum + v * other[i], 0) / 4096;
      expect(Math.abs(correlation)).toBeLessThan(0.08);
    }
  });
});
