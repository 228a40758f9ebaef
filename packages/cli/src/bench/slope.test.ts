import { describe, expect, it } from '@jest/globals';
import { slope } from './slope.js';

describe('slope', () => {
  it('is exact for a line, 0 for a constant, and fits in between', () => {
    expect(slope([1, 3, 5, 7])).toBeCloseTo(2, 12);
    expect(slope([4, 4, 4])).toBe(0);
    expect(slope([0, 3, 0])).toBe(0);
    expect(slope([0, 0, 3])).toBeCloseTo(1.5, 12);
    expect(slope([1])).toBeNaN();
  });
});
