import { describe, expect, it } from '@jest/globals';
import { Mean, median } from './mean.js';

describe('Mean', () => {
  it('is NaN of nothing, weighs, and leaves NaN out', () => {
    const mean = new Mean();
    expect(mean.value).toBeNaN();
    mean.add(1);
    mean.add(4, 2);
    mean.add(Number.NaN);
    expect(mean.value).toBe(3);
    expect(mean.count).toBe(3);
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two middle values, and leaves its argument as it was', () => {
    const values = Float64Array.of(9, 1, 5);
    expect(median(values)).toBe(5);
    expect(Array.from(values)).toEqual([9, 1, 5]);
    expect(median(Float64Array.of(10, 2, 4, 1))).toBe(3);
    expect(median(new Float64Array())).toBeNaN();
  });
});
