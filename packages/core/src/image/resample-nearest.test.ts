import { describe, expect, it } from '@jest/globals';
import { resampleNearest } from './resample-nearest.js';

describe('resampleNearest', () => {
  it('repeats samples where it grows and picks the centre ones where it shrinks', () => {
    const labels = Uint8Array.of(1, 2, 3, 4);
    expect(Array.from(resampleNearest(labels, 2, 2, 4, 2))).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(Array.from(resampleNearest(Uint8Array.of(1, 2, 3, 4, 5, 6), 6, 1, 2, 1))).toEqual([2, 5]);
  });

  it('keeps the kind of array, its NaN and its channels', () => {
    const flow = Float32Array.of(1, -1, Number.NaN, 2);
    const out = resampleNearest(flow, 2, 1, 2, 2, 2);
    expect(out).toBeInstanceOf(Float32Array);
    expect(Array.from(out)).toEqual([1, -1, Number.NaN, 2, 1, -1, Number.NaN, 2]);
    expect(resampleNearest(Uint16Array.of(9), 1, 1, 1, 1)).toBeInstanceOf(Uint16Array);
  });

  it('refuses a map of another size', () => {
    expect(() => resampleNearest(new Uint8Array(3), 2, 2, 1, 1)).toThrow(/cannot have 3 values/);
  });
});
