import { describe, expect, it } from '@jest/globals';
import { ClockOffset } from './clock-offset.js';

describe('ClockOffset', () => {
  it('believes the exchange with the shortest round trip', () => {
    const clock = new ClockOffset();
    expect(clock.offsetMs).toBeUndefined();
    // The other clock is 1000 ahead; ways of 5 and 5, of 5 and 85 (a queue on the way back), of 3 and 3.
    clock.add(0, 1005, 1006, 11);
    expect(clock.offsetMs).toBe(1000);
    clock.add(100, 1105, 1105, 190);
    expect(clock.offsetMs).toBe(1000);
    clock.add(200, 1203.2, 1203.2, 206);
    expect(clock.offsetMs).toBeCloseTo(1000.2, 9);
    expect(clock.roundTripMs).toBeCloseTo(6, 9);
  });

  it('forgets old exchanges, so that it follows a clock that drifts, and ignores impossible ones', () => {
    const clock = new ClockOffset();
    clock.add(0, 1001, 1001, 2);
    clock.add(0, 5, 900, 3);
    clock.add(NaN, 5, 6, 3);
    expect(clock.offsetMs).toBe(1000);
    for (let i = 0; i < 16; i += 1) clock.add(i, i + 1022, i + 1022, i + 4);
    expect(clock.offsetMs).toBe(1020);
  });
});
