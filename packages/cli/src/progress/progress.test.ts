import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Output } from '../cli/output.js';
import { Progress } from './progress.js';

describe('Progress', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells no time left beyond a total that was a guess', () => {
    const events: unknown[] = [];
    const output = Object.assign(new Output(true), { event: (_: string, fields: object) => events.push(fields) });
    const progress = new Progress(output, { done: 0, total: 2, totalEstimated: true });
    progress.step();
    jest.advanceTimersByTime(1000);
    progress.step();
    jest.advanceTimersByTime(1000);
    progress.end();
    expect(events).toEqual([{ frames: 1, total: 2, totalEstimated: true, fps: 1, etaSeconds: 1 }, { frames: 2, total: 2, totalEstimated: true, fps: 1, etaSeconds: null }]);
  });
});
