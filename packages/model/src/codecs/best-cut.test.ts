import { describe, expect, it } from '@jest/globals';
import { bestCut } from './best-cut.js';

/** The same by trying every cut. */
function byHand(probability: readonly number[]): number {
  const total = probability.reduce((sum, p) => sum + p, 0);
  const sorted = [...probability].sort((a, b) => b - a);
  let [inside, best] = [0, 0];
  sorted.forEach((p, i) => {
    inside += p;
    best = Math.max(best, inside / (i + 1 + total - inside));
  });
  return best;
}

describe('bestCut', () => {
  it('takes in what is doubtful where nothing is sure', () => {
    // One alone: 0.4 / (1 + 0.4); both: 0.8 / 2.
    const { threshold, expectedIoU } = bestCut(Float32Array.of(0.4, 0.4, 0));
    expect(expectedIoU).toBeCloseTo(0.4, 6);
    expect(threshold).toBeCloseTo(0.4 / 1.4, 6);
  });

  it('leaves out beside what is sure what it would take in alone', () => {
    const { threshold, expectedIoU } = bestCut(Float32Array.of(1, 1, 1, 0.4));
    expect(expectedIoU).toBeCloseTo(3 / 3.4, 6);
    expect(threshold).toBeGreaterThan(0.4);
    expect(threshold).toBeLessThan(0.5);
  });

  it('finds the best of all cuts, whatever the map', () => {
    let state = 7;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let map = 0; map < 200; map++) {
      const steepness = 0.2 + 8 * random();
      const probability = Float32Array.from({ length: 1 + Math.floor(300 * random()) }, () => random() ** steepness);
      const { threshold, expectedIoU } = bestCut(probability);
      expect(expectedIoU).toBeCloseTo(byHand([...probability]), 6);
      expect(threshold).toBeLessThanOrEqual(0.5);
      expect(threshold).toBeCloseTo(expectedIoU / (1 + expectedIoU), 6);
    }
  });

  it('expects nothing of nothing, and all of all', () => {
    expect(bestCut(new Float32Array(9))).toEqual({ threshold: 0, expectedIoU: 0 });
    expect(bestCut(new Float32Array(9).fill(1))).toEqual({ threshold: 0.5, expectedIoU: 1 });
  });
});
