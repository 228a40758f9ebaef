import { describe, expect, it } from '@jest/globals';
import { LineMeter } from './line-meter.js';

/** A line of `bytesPerSecond` with `oneWayMs` to cross it; sends messages of `size` whenever the meter lets it. */
function play(bytesPerSecond: number, oneWayMs: number, size: number, untilMs: number) {
  const meter = new LineMeter(0);
  const ages: number[] = [];
  const pending: { readonly ackMs: number }[] = [];
  let freeMs = 0;
  let acknowledged = 0;
  let most = 0;
  meter.roundTrip(2 * oneWayMs, 0);
  for (let now = 0; now < untilMs; now += 1) {
    while (pending.length > 0 && pending[0].ackMs <= now) {
      pending.shift();
      meter.acknowledge(++acknowledged, now);
    }
    // A result is ready every millisecond: what is sent is new.
    while (meter.open) {
      meter.sent(size, now);
      freeMs = Math.max(freeMs, now) + (size / bytesPerSecond) * 1000;
      pending.push({ ackMs: freeMs + 2 * oneWayMs });
      if (now > untilMs / 2) ages.push(freeMs + oneWayMs - now);
      most = Math.max(most, meter.underWay);
      if (pending.length > 1000) throw new Error('no end');
    }
  }
  return { rate: meter.rate, ages, most, carried: (acknowledged * size * 1000) / untilMs };
}

describe('LineMeter', () => {
  it('keeps one message under way on a slow short line: it is never older than two intervals', () => {
    const { ages, rate, carried } = play(100_000, 2, 30_000, 20_000);
    const interval = 300;
    expect(Math.max(...ages)).toBeLessThan(2 * interval);
    expect(Math.abs(rate / 100_000 - 1)).toBeLessThan(0.05);
    expect(carried).toBeGreaterThan(95_000);
  });

  it('fills a fast long line, and does not overfill it', () => {
    const { carried, ages, most } = play(1_000_000, 50, 3000, 20_000);
    expect(carried).toBeGreaterThan(800_000);
    expect(Math.max(...ages)).toBeLessThan(50 + 100); // half a round trip of queue at most
    expect(most).toBeLessThan(200_000);
  });

  it('follows a line that becomes slower within seconds', () => {
    const meter = new LineMeter(0);
    meter.roundTrip(4, 0);
    let now = 0;
    for (let i = 0; i < 200; i += 1) {
      meter.sent(10_000, now);
      now += i < 100 ? 10 : 100;
      expect(meter.acknowledge(i + 1, now)).toBe(true);
    }
    expect(Math.abs(meter.rate / 100_000 - 1)).toBeLessThan(0.05);
  });

  it('counts modulo 2^32 and refuses what was never sent', () => {
    const meter = new LineMeter(0);
    expect(meter.open).toBe(true);
    meter.sent(10, 0);
    expect(meter.open).toBe(false);
    expect(meter.acknowledge(2, 1)).toBe(false);
    expect(meter.acknowledge(4_294_967_295, 1)).toBe(false);
    expect(meter.acknowledge(1, 1)).toBe(true);
    expect(meter.acknowledge(1, 1)).toBe(true);
    expect(meter.open).toBe(true);
  });
});
