import { describe, expect, it } from '@jest/globals';
import { SteadinessMetrics, inconsistent } from './steadiness.js';

const [width, height] = [16, 12];
const n = width * height;
const flowOf = (u: number, v: number): Float32Array => Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? u : v));
/** ln depth rising by 0.1 a column: linear, so that interpolation between pixels is exact. */
const ramp = (shift: number, factor = 1): Float64Array => Float64Array.from({ length: n }, (_, i) => factor * Math.exp(0.1 * ((i % width) - shift)));

describe('SteadinessMetrics', () => {
  it('is 0 where depth moves with the picture', () => {
    const metrics = new SteadinessMetrics();
    metrics.add({ depth: ramp(1.5) }, { depth: ramp(0) }, { width, height, flow: flowOf(1.5, 0) });
    const { depthMedian, depthMean, pairs, labelsChanged } = metrics.result();
    expect(depthMedian).toBeCloseTo(0, 12);
    expect(depthMean).toBeCloseTo(0, 12);
    expect([pairs, labelsChanged]).toEqual([1, Number.NaN]);
  });

  it('sees depth that stays behind, and tells breathing from it', () => {
    const metrics = new SteadinessMetrics();
    metrics.add({ depth: ramp(0, 1.2) }, { depth: ramp(0) }, { width, height, flow: flowOf(0, 0) });
    const { depthMedian, depthMedianCentred, depthMeanCentred } = metrics.result();
    expect(depthMedian).toBeCloseTo(Math.log(1.2), 12);
    expect(depthMedianCentred).toBeCloseTo(0, 12);
    expect(depthMeanCentred).toBeCloseTo(0, 12);
  });

  it('leaves hidden pixels, missing depth and what came into the picture out', () => {
    const occlusion = Uint8Array.from({ length: n }, (_, i) => (i % width < 4 ? 1 : 0));
    const depth = ramp(0).map((z, i) => (i % width < 4 ? 50 * z : i === n - 1 ? Number.NaN : z));
    const metrics = new SteadinessMetrics();
    metrics.add({ depth }, { depth: ramp(0) }, { width, height, flow: flowOf(0, 0), occlusion });
    expect(metrics.result()).toMatchObject({ depthMean: 0, pairs: 1 });
    metrics.add({ depth }, { depth }, { width, height, flow: flowOf(100, 0) });
    expect(metrics.result().pairs).toBe(1);
  });

  it('counts classes that change along the motion', () => {
    const labels = Uint8Array.from({ length: n }, (_, i) => i % width);
    const moved = Uint8Array.from({ length: n }, (_, i) => (i % width) - 1);
    const metrics = new SteadinessMetrics();
    metrics.add({ labels: moved }, { labels }, { width, height, flow: flowOf(1, 0) });
    expect(metrics.result().labelsChanged).toBe(0);
    metrics.add({ labels: moved }, { labels }, { width, height, flow: flowOf(0, 0) });
    expect(metrics.result().labelsChanged).toBe(0.5);
  });

  it('refuses other sizes', () => {
    expect(() => new SteadinessMetrics().add({ depth: [1] }, {}, { width, height, flow: flowOf(0, 0) })).toThrow(/steadiness/);
  });
});

describe('inconsistent', () => {
  it('accepts motion that returns, and refuses what does not or leaves the picture', () => {
    const mask = inconsistent(flowOf(2, 0), flowOf(-2, 0), width, height);
    expect(Array.from(mask.subarray(0, 4))).toEqual([1, 1, 0, 0]);
    expect(inconsistent(flowOf(0, 0), flowOf(-3, 0), width, height).every((bad) => bad === 1)).toBe(true);
  });
});
