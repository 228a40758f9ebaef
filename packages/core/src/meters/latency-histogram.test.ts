import { describe, expect, it } from '@jest/globals';
import { LatencyHistogram } from './latency-histogram.js';

describe('LatencyHistogram', () => {
  it('is all zero when empty', () => {
    expect(new LatencyHistogram().summary()).toEqual({ count: 0, mean: 0, p50: 0, p99: 0, max: 0 });
  });

  it('gives quantiles within 1% over five decades', () => {
    const histogram = new LatencyHistogram();
    const values = Array.from({ length: 1000 }, (_, i) => 0.05 * 1.012 ** i);
    for (const value of [...values].reverse()) histogram.record(value);
    for (const q of [0.01, 0.25, 0.5, 0.9, 0.99]) {
      const exact = values[Math.ceil(q * 1000) - 1];
      expect(Math.abs(histogram.quantile(q) / exact - 1)).toBeLessThan(0.0101);
    }
    expect(histogram.quantile(1)).toBe(values[999]);
    expect(histogram.summary().mean).toBeCloseTo(values.reduce((a, b) => a + b) / 1000, 6);
  });

  it('sees one outlier in a hundred and one at p99 only above it', () => {
    const histogram = new LatencyHistogram();
    for (let i = 0; i < 99; i += 1) histogram.record(10);
    histogram.record(500);
    expect(histogram.quantile(0.99)).toBeCloseTo(10, 0);
    expect(histogram.quantile(0.995)).toBe(500);
  });

  it('is exact for a single value and survives the ends of its range', () => {
    const histogram = new LatencyHistogram();
    histogram.record(7.3);
    expect(histogram.quantile(0.5)).toBe(7.3);
    histogram.reset();
    histogram.record(-4);
    histogram.record(Number.NaN);
    histogram.record(1e9);
    expect(histogram.summary()).toEqual({ count: 2, mean: 5e8, p50: expect.any(Number), p99: 1e9, max: 1e9 });
    expect(histogram.quantile(0.5)).toBeLessThan(0.0102);
  });
});
