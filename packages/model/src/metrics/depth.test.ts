import { describe, expect, it } from '@jest/globals';
import { DepthMetrics, scoreDepth } from './depth.js';

describe('scoreDepth', () => {
  it('scores metres as given and after the ratio of the medians', () => {
    // Relative errors 1, 1, 0.5, mean 5/6; medians 2 and 4, so scale 0.5 leaves errors 0, 0, 0.25.
    const scores = scoreDepth([2, 4, 12], [1, 2, 8])!;
    expect(scores.absRel).toBeCloseTo(2.5 / 3, 12);
    expect(scores.delta1).toBe(0);
    expect(scores.absRelScale).toBeCloseTo(0.25 / 3, 12);
    expect(scores.delta1Scale).toBeCloseTo(2 / 3, 12); // 8/6 is beyond 1.25
  });

  it('finds scale and power exactly in log depth', () => {
    // truth = 3 prediction^2
    const prediction = [0.5, 1, 2, 5];
    const scores = scoreDepth(prediction, prediction.map((p) => 3 * p * p))!;
    expect(scores.absRelLogAffine).toBeCloseTo(0, 10);
    expect(scores.delta1LogAffine).toBe(1);
    expect(scores.absRelScale).toBeGreaterThan(0.3);
  });

  it('fits by least squares where the fit is not exact', () => {
    // ln p = 0, 1, 2; ln t = 0, 2, 1: slope 1/2, offset 1/2, fitted ln 0.5, 1, 1.5.
    const e = Math.E;
    const scores = scoreDepth([1, e, e ** 2], [1, e ** 2, e])!;
    const expected = (Math.exp(0.5) - 1 + (1 - Math.exp(-1)) + (Math.exp(0.5) - 1)) / 3;
    expect(scores.absRelLogAffine).toBeCloseTo(expected, 12);
    expect(scores.delta1LogAffine).toBe(0);
  });

  it('fits a constant prediction with the geometric mean', () => {
    const scores = scoreDepth([7, 7, 7], [1, 2, 4])!;
    expect(scores.absRelLogAffine).toBeCloseTo((1 + 0 + 0.5) / 3, 12);
    expect(scores.absRelScale).toBeCloseTo((1 + 0 + 0.5) / 3, 12);
  });

  it('leaves out pixels without truth and reports those without prediction', () => {
    const nan = Number.NaN;
    const scores = scoreDepth([1, 2, 4, 9, 9, 9, nan], [1, 2, 4, nan, 0, Infinity, 5])!;
    expect(scores).toMatchObject({ absRel: 0, delta1: 1, coverage: 0.75 });
  });

  it('does not score a frame with nothing to compare, and refuses other sizes', () => {
    expect(scoreDepth([1, 2, Number.NaN], [1, 2, 3])).toBeUndefined();
    expect(() => scoreDepth([1], [1, 2])).toThrow(/prediction has 1 values and the truth 2/);
  });
});

describe('DepthMetrics', () => {
  it('covers nothing of frames in which nothing was said, and knows nothing of those without a truth', () => {
    const metrics = new DepthMetrics();
    metrics.add([1, 2, 4, 8], [1, 2, 4, 8]);
    expect(metrics.add([0, 0, 0, 0], [1, 2, 4, 8])).toBeUndefined();
    expect(metrics.result()).toMatchObject({ coverage: 0.5, absRel: 0, frames: 1 });
    metrics.add([0, 5, Number.NaN, 0], [1, 2, 4, 8]); // one of four
    metrics.add([1, 1, 1], [0, Number.NaN, 0]);
    expect(metrics.result()).toMatchObject({ coverage: 1.25 / 3, frames: 1 });
  });

  it('means over frames, whatever their size', () => {
    const metrics = new DepthMetrics();
    expect(metrics.result()).toMatchObject({ absRel: Number.NaN, frames: 0 });
    metrics.add([2, 2, 2], [1, 1, 1]); // absRel 1
    metrics.add([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]); // absRel 0
    expect(metrics.add([0], [1])).toBeUndefined();
    expect(metrics.result()).toEqual({
      absRel: 0.5, absRelScale: 0, absRelLogAffine: expect.closeTo(0, 12), delta1: 0.5, delta1Scale: 1, delta1LogAffine: 1, coverage: 1, frames: 2,
      scaleError: expect.closeTo(Math.log(2) / 2, 12),
    });
  });
});
