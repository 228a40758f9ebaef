import { describe, expect, it } from '@jest/globals';
import { OcclusionMetrics } from './occlusion.js';

function scores(confidence: readonly number[], occlusion: readonly number[]): ReturnType<OcclusionMetrics['result']> {
  const metrics = new OcclusionMetrics();
  metrics.add(confidence, occlusion);
  return metrics.result();
}

describe('OcclusionMetrics', () => {
  it('is 1 where hidden pixels have the lowest confidence', () => {
    expect(scores([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0])).toEqual({ occlusionAP: 1, occlusionF1: 1, occlusionF1Best: 1, occluded: 0.5 });
  });

  it('counts precision at each hidden pixel found', () => {
    // In order of suspicion: hidden, seen, hidden, seen. AP = 1/2 * 1 + 1/2 * 2/3.
    const { occlusionAP, occlusionF1, occlusionF1Best } = scores([0.1, 0.2, 0.6, 0.9], [1, 0, 1, 0]);
    expect(occlusionAP).toBeCloseTo(1 / 2 + 1 / 3, 12);
    expect(occlusionF1).toBe(0.5); // two called hidden, one rightly, one missed
    expect(occlusionF1Best).toBeCloseTo(0.8, 12);
  });

  it('is the share of hidden pixels where confidence says nothing', () => {
    expect(scores(new Array<number>(10).fill(0.7), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]).occlusionAP).toBeCloseTo(0.2, 12);
  });

  it('leaves void pixels out, and is NaN where nothing is hidden', () => {
    expect(scores([0.1, 0.9], [255, 0])).toEqual({ occlusionAP: Number.NaN, occlusionF1: Number.NaN, occlusionF1Best: Number.NaN, occluded: 0 });
    expect(() => new OcclusionMetrics().add([1], [])).toThrow(/confidence/);
  });
});
