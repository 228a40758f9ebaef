import { describe, expect, it } from '@jest/globals';
import { OverlapLinks, compareMasks, maskOverlap } from './tracking-masks.js';

const map = (...ids: readonly number[]): Uint16Array => Uint16Array.from(ids);

describe('maskOverlap', () => {
  it('is the intersection over the union of every pair, in the order of first pixels', () => {
    expect(maskOverlap(map(5, 5, 3, 0, 3), map(0, 9, 9, 9, 2))).toEqual({
      rows: [5, 3], columns: [9, 2], rowAreas: [2, 2], columnAreas: [3, 1], iou: Float64Array.of(1 / 4, 0, 1 / 4, 1 / 2),
    });
  });

  it('is empty of nothing, and refuses other sizes', () => {
    expect(maskOverlap(map(0, 0), map(0, 1))).toMatchObject({ rows: [], columns: [1], iou: new Float64Array(0) });
    expect(() => maskOverlap(map(1), map(1, 1))).toThrow(/mask overlap/);
  });
});

describe('compareMasks', () => {
  it('keeps true masks that are large enough, and what shows them even where it is smaller', () => {
    const frame = compareMasks(map(1, 1, 1, 0, 2, 0), map(7, 7, 0, 0, 0, 0), 3);
    expect(frame).toMatchObject({ truth: [1], predicted: [7] });
    expect(frame.likeness[0]).toBeCloseTo(2 / 3, 12);
  });

  it('does not count predictions too small, or on what is too small or not known', () => {
    const [truth, predicted] = [map(1, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0), map(1, 1, 1, 8, 0, 9, 9, 9, 6, 6, 6)];
    expect(compareMasks(truth, predicted, 3)).toMatchObject({ truth: [1], predicted: [1, 6] });
    expect(compareMasks(truth, predicted, 3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0])).toMatchObject({ truth: [1], predicted: [1] });
    expect(compareMasks(truth, predicted, 1)).toMatchObject({ truth: [1, 2], predicted: [1, 8, 9, 6] });
  });

  it('refuses other sizes', () => {
    expect(() => compareMasks(map(1), map(1), 1, [])).toThrow(/unknown pixels/);
  });
});

describe('OverlapLinks', () => {
  it('goes on where masks overlap enough, in the best way for all', () => {
    const links = new OverlapLinks();
    expect(links.next(2, [])).toEqual([1, 2]);
    // The greedy choice 2-0 would leave 1 without.
    expect(links.next(2, [0.5, 0, 0.6, 0.5])).toEqual([1, 2]);
    expect(links.next(2, [0, 0.29, 0.3, 0])).toEqual([2, 3]);
  });

  it('forgets what it does not see in one frame', () => {
    const links = new OverlapLinks();
    expect([links.next(1, []), links.next(0, []), links.next(1, [])]).toEqual([[1], [], [2]]);
  });
});
