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

  it('has no truth of real clips, and no report of nothing', () => {
    const tally = new SteadinessTally();
    expect(tally.report('clips-own')).toBeUndefined();
    tally.add('a', { streaming: flat(1), perFrame: flat(1) }, { streaming: flat(1), perFrame: flat(1) }, still);
    expect(tally.report('clips-own')!.baselines).not.toHaveProperty('truth');
  });
});

describe('decodeFlow', () => {
  it('reads what encodeFlow writes', () => {
    const flow = Float32Array.of(1.5, -2.25, Number.NaN, 0, 100, 0.015625);
    expect(decodeFlow(encodeFlow(flow))).toEqual(Float32Array.of(1.5, -2.25, Number.NaN, Number.NaN, 100, 0.015625));
  });
});
