import { describe, expect, it } from '@jest/globals';
import { encodeFlow } from '../files/flow.js';
import { decodeFlow } from './decode-flow.js';
import { SteadinessTally } from './steadiness-tally.js';

const [width, height] = [12, 12];
const n = width * height;
const still = { width, height, flow: new Float32Array(2 * n) };
const flat = (metres: number): { depth: Float32Array } => ({ depth: new Float32Array(n).fill(metres) });

describe('SteadinessTally', () => {
  it('compares a stream with one frame at a time, and both with the truth', () => {
    const tally = new SteadinessTally();
    tally.add('a', { streaming: flat(1.1), perFrame: flat(1.21), truth: flat(2) }, { streaming: flat(1), perFrame: flat(1), truth: flat(2) }, still);
    const report = tally.report('world')!;
    expect(report).toMatchObject({ task: 'steadiness', set: 'world', items: 1, frames: 1 });
    expect(report.metrics['ratio']).toBeCloseTo(0.5, 5);
    expect(report.metrics['ratioMean']).toBeCloseTo(0.5, 5);
    expect(report.baselines['perFrame']['depthMedian']).toBeCloseTo(Math.log(1.21), 5);
    expect(report.baselines['truth']['depthMedian']).toBe(0);
  });

  it('measures the stream after steady() as a third way, and how wrong each way is', () => {
    const tally = new SteadinessTally();
    // Scored up to one scale per picture: a ramp against a flat truth is wrong by its slope alone.
    const ramp = (slope: number): { depth: Float32Array } => ({ depth: Float32Array.from({ length: n }, (_, i) => Math.exp((slope * (i + 0.5 - n / 2)) / n)) });
    const now = { streaming: ramp(0.2), steady: ramp(0.1), perFrame: ramp(0.4), truth: flat(2) };
    tally.add('a', now, { streaming: flat(1), steady: flat(1), perFrame: flat(1), truth: flat(2) }, still);
    const { metrics, baselines } = tally.report('world')!;
    expect(metrics['ratio']).toBeCloseTo(0.5, 5);
    expect(metrics['steadyRatio']).toBeCloseTo(0.25, 5);
    expect(metrics['steadyDepthMean']).toBeCloseTo(0.025, 3);
    expect(metrics['steadyAbsRelScale']).toBeCloseTo(0.025, 2);
    expect(metrics['absRelScale']).toBeCloseTo(0.05, 2);
    expect(baselines['perFrame']['absRelScale']).toBeCloseTo(0.1, 2);
    expect(metrics).not.toHaveProperty('steadyLabelsChanged');
  });

  it('has no truth of real clips, and no report of nothing', () => {
    const tally = new SteadinessTally();
    expect(tally.report('clips-own')).toBeUndefined();
    tally.add('a', { streaming: flat(1), perFrame: flat(1) }, { streaming: flat(1), perFrame: flat(1) }, still);
    expect(tally.report('clips-own')!.baselines).not.toHaveProperty('truth');
    expect(Object.keys(tally.report('clips-own')!.metrics).filter((name) => /steady|absRel/.test(name))).toEqual([]);
  });
});

describe('decodeFlow', () => {
  it('reads what encodeFlow writes', () => {
    const flow = Float32Array.of(1.5, -2.25, Number.NaN, 0, 100, 0.015625);
    expect(decodeFlow(encodeFlow(flow))).toEqual(Float32Array.of(1.5, -2.25, Number.NaN, Number.NaN, 100, 0.015625));
  });
});
