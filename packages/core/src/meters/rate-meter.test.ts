import { describe, expect, it } from '@jest/globals';
import { RateMeter } from './rate-meter.js';

describe('RateMeter', () => {
  it('is 0 before the second event', () => {
    const meter = new RateMeter();
    expect(meter.rate(0)).toBe(0);
    meter.mark(0);
    expect(meter.rate(10)).toBe(0);
  });

  it('measures a steady stream exactly', () => {
    const meter = new RateMeter();
    for (let t = 0; t <= 1000; t += 40) meter.mark(t);
    expect(meter.rate(1000)).toBeCloseTo(25, 9);
    expect(meter.count).toBe(26);
  });

  it('follows a change of rate within its window', () => {
    const meter = new RateMeter({ windowMs: 500 });
    for (let t = 0; t < 1000; t += 10) meter.mark(t);
    for (let t = 1000; t <= 2000; t += 100) meter.mark(t);
    expect(meter.rate(2000)).toBeCloseTo(10, 9);
  });

  it('sinks when the stream stalls and reaches 0 after the window', () => {
    const meter = new RateMeter({ windowMs: 1000 });
    for (let t = 0; t <= 500; t += 100) meter.mark(t);
    expect(meter.rate(1000)).toBeCloseTo(5, 9); // 5 intervals in 1000 ms
    expect(meter.rate(5000)).toBe(0);
  });

  it('keeps measuring rates beyond its capacity', () => {
    const meter = new RateMeter({ windowMs: 1000, capacity: 8 });
    for (let t = 0; t <= 1000; t += 1) meter.mark(t);
    expect(meter.rate(1000)).toBeCloseTo(1000, 6);
  });
});
