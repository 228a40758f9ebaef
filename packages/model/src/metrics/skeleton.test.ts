import { describe, expect, it } from '@jest/globals';
import type { Person } from '@sextant/core';
import { SkeletonMetrics, boxIoU, matchPeople, oks, pck } from './skeleton.js';
import type { TruePerson } from './skeleton.js';

type Box = readonly [number, number, number, number];

/** A true person whose first joints are given and the others not labelled. */
function truth(box: Box, joints: readonly (readonly [number, number])[], area?: number): TruePerson {
  const keypoints = Array.from({ length: 17 }, (_, j) =>
    j < joints.length ? { x: joints[j][0], y: joints[j][1], visible: 2 as const } : { x: 0, y: 0, visible: 0 as const },
  );
  return area === undefined ? { box, keypoints } : { box, keypoints, area };
}

/** A predicted person with its first joints. */
function person(box: Box, joints: readonly (readonly [number, number])[]): Person {
  const keypoints = Array.from({ length: 17 }, (_, j) =>
    j < joints.length ? { x: joints[j][0], y: joints[j][1], score: 1 } : { x: 0, y: 0, score: 0 },
  );
  return { id: 1, score: 1, box, keypoints };
}

describe('pck', () => {
  it('reaches a tenth of the longer side, inclusive, over labelled joints', () => {
    const actual = truth([0, 0, 20, 50], [[10, 10], [10, 20], [10, 30]]);
    expect(pck(person([0, 0, 20, 50], [[15, 10], [10, 25.1]]), actual)).toEqual({ found: 1, labelled: 3 });
    expect(pck(undefined, actual)).toEqual({ found: 0, labelled: 3 });
  });
});

describe('oks', () => {
  it('is exp(-d^2 / (2 s^2 (2 sigma)^2)), mean over labelled joints', () => {
    // Nose: sigma 0.026, area 10000, k = 0.052; an offset of 5.2 pixels is d^2 / (s^2 k^2) = 1.
    const actual = truth([0, 0, 100, 200], [[50, 50], [60, 50]], 10_000);
    expect(oks(person([0, 0, 1, 1], [[55.2, 50], [60, 50]]), actual)).toBeCloseTo((Math.exp(-0.5) + 1) / 2, 12);
    expect(oks(person([0, 0, 1, 1], [[50, 50]]), actual)).toBe(0.5); // the second joint was not predicted
  });

  it('takes 0.53 of the box where the area is not known, and is NaN without labelled joints', () => {
    const offset = 0.052 * Math.sqrt(0.53 * 100 * 200);
    expect(oks(person([0, 0, 1, 1], [[50, 50 + offset]]), truth([0, 0, 100, 200], [[50, 50]]))).toBeCloseTo(Math.exp(-0.5), 12);
    expect(oks(person([0, 0, 1, 1], []), truth([0, 0, 100, 200], []))).toBeNaN();
  });
});

describe('boxIoU', () => {
  it('is the overlap over the union', () => {
    expect(boxIoU([0, 0, 2, 2], [1, 1, 2, 2])).toBe(1 / 7);
    expect(boxIoU([0, 0, 2, 2], [2, 0, 2, 2])).toBe(0);
    expect(boxIoU([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
  });
});

describe('matchPeople', () => {
  const left = truth([0, 0, 50, 100], [[25, 10]]);
  const right = truth([200, 0, 50, 100], [[225, 10]]);

  it('matches by likeness, whatever the order', () => {
    expect(matchPeople([person([200, 0, 50, 100], [[226, 10]]), person([0, 0, 50, 100], [[25, 11]])], [left, right])).toEqual([1, 0]);
  });

  it('gives one prediction to one person only, the more alike', () => {
    const near = truth([2, 0, 50, 100], [[27, 10]]);
    expect(matchPeople([person([2, 0, 50, 100], [[27, 10]])], [left, near])).toEqual([-1, 0]);
  });

  it('matches by the box where no joint is labelled, and not without any likeness', () => {
    expect(matchPeople([person([0, 0, 50, 100], [])], [truth([0, 0, 50, 90], [])])).toEqual([0]);
    expect(matchPeople([person([900, 900, 50, 100], [[900, 900]])], [left])).toEqual([-1]);
  });
});

describe('SkeletonMetrics', () => {
  it('pools joints and counts people missed and invented', () => {
    const metrics = new SkeletonMetrics();
    const a = truth([0, 0, 50, 100], [[25, 10], [30, 10]]);
    const missed = truth([300, 0, 50, 100], [[325, 10], [330, 10]]);
    const ignored = truth([600, 0, 50, 100], []);
    metrics.add(
      [person([0, 0, 50, 100], [[25, 10], [60, 10]]), person([600, 0, 50, 100], [[625, 10]]), person([900, 0, 9, 9], [[900, 0]])],
      [a, missed, ignored],
    );
    const scores = metrics.result();
    expect(scores).toMatchObject({ pck01: 1 / 4, recall: 1 / 2, falsePeople: 1, people: 2, frames: 1 });
    // The second joint, 30 pixels off: sigma 0.025, area 0.53 * 5000.
    const second = Math.exp(-(30 ** 2) / (2 * 0.53 * 5000 * 0.05 ** 2));
    expect(scores.oks).toBeCloseTo((1 + second) / 2 / 2, 12);
  });

  it('is NaN of nothing', () => {
    expect(new SkeletonMetrics().result()).toMatchObject({ pck01: Number.NaN, oks: Number.NaN, people: 0 });
  });
});
