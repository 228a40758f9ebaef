import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { longTimer } from './long-timer.js';

const DAY_MS = 86_400_000;

describe('longTimer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([['a millisecond', 1], ['60 days', 60 * DAY_MS]])('waits for %s', (_what, ms) => {
    const then = jest.fn();
    longTimer(ms, then);
    jest.advanceTimersByTime(ms - 1);
    expect(then).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(then).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is called off at any time', () => {
    const then = jest.fn();
    const stop = longTimer(60 * DAY_MS, then);
    jest.advanceTimersByTime(30 * DAY_MS);
    stop();
    expect(jest.getTimerCount()).toBe(0);
    expect(then).not.toHaveBeenCalled();
  });
});
