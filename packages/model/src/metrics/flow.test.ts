import { describe, expect, it } from '@jest/globals';
import { FlowMetrics, scoreFlow } from './flow.js';

describe('scoreFlow', () => {
  it('is the mean end-point error, and the share beyond 3 pixels and 5 percent', () => {
    // Errors 0; 5 (of motion 0: outlier); 4 of motion 100 (4%: none); 4 of motion 4 (outlier).
    const scores = scoreFlow([1, 1, 3, 4, 104, 0, 0, 0], [1, 1, 0, 0, 100, 0, 0, 4])!;
    expect(scores.epe).toBe((0 + 5 + 4 + 4) / 4);
    expect(scores.fl).toBe(50);
  });

  it('leaves out pixels that are not valid or have no truth', () => {
    const nan = Number.NaN;
    expect(scoreFlow([9, 9, 3, 4, 9, 9], [0, 0, 0, 0, nan, nan], [0, 1, 1])).toEqual({ epe: 5, fl: 100 });
    expect(scoreFlow([9, 9], [nan, 0])).toBeUndefined();
  });

  it('takes an unknown prediction for no motion', () => {
    expect(scoreFlow([Number.NaN, 0], [6, 8])).toEqual({ epe: 10, fl: 100 });
  });

  it('refuses other sizes', () => {
    expect(() => scoreFlow([1, 2], [1, 2, 3, 4])).toThrow(/prediction has 2 values and the truth 4/);
    expect(() => scoreFlow([1, 2], [1, 2], [1, 1])).toThrow(/flow validity/);
  });
});

describe('FlowMetrics', () => {
  it('means over frames', () => {
    const metrics = new FlowMetrics();
    metrics.add([3, 4], [0, 0]);
    metrics.add([0, 0, 0, 0], [0, 0, 0, 1]);
    metrics.add([0, 0], [Number.NaN, 0]);
    expect(metrics.result()).toEqual({ epe: (5 + 0.5) / 2, fl: 50, frames: 2 });
  });
});
