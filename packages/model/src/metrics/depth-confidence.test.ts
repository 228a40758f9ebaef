import { describe, expect, it } from '@jest/globals';
import { DepthConfidenceMetrics } from './depth-confidence.js';

const N = 400;
/** Truth 1 m everywhere; relative error 0, 0.001, 0.002, ... in a scrambled order; the median prediction is right. */
const truth = new Float32Array(N).fill(1);
const order = Array.from({ length: N }, (_, i) => (i * 173) % N);
const prediction = Float32Array.from(order, (k) => 1 + (k - N / 2 + 0.5) / N);
const error = Array.from(prediction, (z) => Math.abs(z - 1));

function scores(confidence: (i: number) => number): NonNullable<ReturnType<DepthConfidenceMetrics['result']>> {
  const metrics = new DepthConfidenceMetrics();
  metrics.add(prediction, truth, Float32Array.from({ length: N }, (_, i) => confidence(i)));
  return metrics.result()!;
}

describe('DepthConfidenceMetrics', () => {
  it('is 0 where confidence orders pixels as their errors do', () => {
    const best = scores((i) => 1 - error[i]);
    expect(best.ause).toBeCloseTo(0, 3);
    // Errors are 0..0.5 in even steps: with the worse half gone, half the mean error is left.
    expect(best.sparsification['50']).toBeCloseTo(0.5, 2);
    expect(best.sparsificationOracle['50']).toBeCloseTo(0.5, 2);
  });

  it('equals that of chance where confidence says nothing, and exceeds it where it lies', () => {
    const none = scores(() => 0.5);
    expect(none.ause).toBeCloseTo(none.auseRandom, 9);
    expect(none.sparsification['90']).toBeCloseTo(1, 9);
    // The mean error is 0.25 and the oracle's curve falls linearly to 0: on average (steps to 0.95) 0.525 of it is left.
    expect(none.auseRandom).toBeCloseTo(0.25 * (1 - 0.525), 3);
    expect(scores((i) => error[i]).ause).toBeGreaterThan(1.9 * none.auseRandom);
  });

  it('measures calibration', () => {
    const share = error.filter((_, i) => Math.max(prediction[i], 1 / prediction[i]) < 1.1).length / N;
    const even = scores(() => share);
    expect(even.within10).toBeCloseTo(share, 9);
    expect(even.ece).toBeCloseTo(0, 6);
    expect(scores(() => 1).ece).toBeCloseTo(1 - share, 6);
    expect(scores((i) => (Math.max(prediction[i], 1 / prediction[i]) < 1.1 ? 1 : 0)).ece).toBe(0);
  });

  it('asks about shape and metres apart', () => {
    const metrics = new DepthConfidenceMetrics();
    metrics.add(truth.map((z) => 2 * z), truth, new Float32Array(N).fill(1));
    expect(metrics.result()).toMatchObject({ ece: 1, eceScale: 0, within10: 0, within10Scale: 1, ause: 0 });
  });

  it('has nothing to say of too few pixels', () => {
    const metrics = new DepthConfidenceMetrics();
    metrics.add(truth.map((z, i) => (i < 99 ? z : Number.NaN)), truth, new Float32Array(N));
    expect(metrics.result()).toBeUndefined();
    expect(() => metrics.add(truth, truth, new Float32Array(1))).toThrow(/confidence/);
  });
});
