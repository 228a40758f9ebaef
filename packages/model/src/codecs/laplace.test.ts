import { describe, expect, it } from '@jest/globals';
import { depthConfidence, laplaceScale } from './laplace.js';

describe('depth confidence', () => {
  it('is the share of Laplace errors within 10 %', () => {
    const b = 0.12;
    // Errors at evenly spaced quantiles of the distribution.
    const n = 20_000;
    let within = 0;
    for (let i = 0; i < n; i++) {
      const p = (i + 0.5) / n - 0.5;
      const error = -b * Math.sign(p) * Math.log(1 - 2 * Math.abs(p));
      if (Math.exp(Math.abs(error)) < 1.1) within++;
    }
    expect(depthConfidence(b)).toBeCloseTo(within / n, 3);
  });

  it('leads back to the scale, also through float32', () => {
    for (const b of [0.02, 0.1, 0.5, 3]) expect(laplaceScale(Math.fround(depthConfidence(b))) / b).toBeCloseTo(1, 3);
    expect(laplaceScale(0)).toBe(Infinity);
    expect(laplaceScale(1)).toBe(0);
  });
});
