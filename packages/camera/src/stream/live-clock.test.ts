import { describe, expect, it } from '@jest/globals';
import { LiveClock } from './live-clock.js';

const MS = 1_000_000n;
const EPOCH = 1_700_000_000_000n * MS;
const PERIOD = 33;
const LATENCY = 20;

/** Milliseconds by which the stamps of `count` frames, `late(n)` ms later than usual, are behind their capture (of a device whose clock is `clock(n)` ms). */
function errors(count: number, late: (n: number) => number, clock: (n: number) => number = (n) => n * PERIOD): number[] {
  const times = new LiveClock();
  return Array.from({ length: count }, (_, n) => {
    const taken = EPOCH + BigInt(n * PERIOD) * MS;
    return Number((times.stamp(BigInt(Math.round(clock(n) * 1e6)), taken + BigInt(LATENCY + late(n)) * MS) - taken) / MS);
  });
}

describe('LiveClock', () => {
  it('stamps by the quickest arrival, whatever the others take', () => {
    expect(errors(300, (n) => (n * 7919) % 40).slice(40).every((e) => e < LATENCY + 2)).toBe(true);
  });

  it.each([[1500], [4000], [20_000]])('keeps the stamps of frames that were held up for %d ms and come in a burst', (held) => {
    const until = 31 * PERIOD + held;
    const found = errors(800, (n) => (n < 31 ? 0 : Math.max(0, until - n * PERIOD)));
    // Those beyond the window are taken by their arrival, until one comes as quickly as before; here 5 s of frames are certain.
    expect(new Set(found.slice(0, 31 + 5000 / PERIOD))).toEqual(new Set([LATENCY]));
    expect(found.at(-1)).toBe(LATENCY);
  });

  it('follows a wall clock that is set: at once where it goes back, within seconds where it goes on', () => {
    expect(errors(302, (n) => (n >= 300 ? -900 : 0)).slice(299)).toEqual([LATENCY, LATENCY - 900, LATENCY - 900]);
    const forward = errors(500, (n) => (n >= 300 ? 900 : 0));
    expect(forward.at(-1)).toBe(LATENCY + 900);
  });

  it('starts anew where the clock of the device goes back, and follows one that jumps on', () => {
    expect(errors(60, () => 0, (n) => (n < 30 ? 90_000 + n * PERIOD : (n - 30) * PERIOD))).toEqual(Array(60).fill(LATENCY));
    expect(errors(60, () => 0, (n) => n * PERIOD + (n < 30 ? 0 : 90_000))).toEqual(Array(60).fill(LATENCY));
  });

  it('follows a clock that drifts', () => {
    const found = errors(20_000, () => 0, (n) => n * PERIOD * (1 - 1e-3)); // a second in a thousand: ten times the worst quartz
    expect(Math.max(...found.map((e) => Math.abs(e - LATENCY)))).toBeLessThanOrEqual(6);
  });
});
