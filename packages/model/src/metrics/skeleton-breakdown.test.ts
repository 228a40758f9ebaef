import { describe, expect, it } from '@jest/globals';
import { SkeletonConfusion } from './skeleton-breakdown.js';
import type { TruePerson } from './skeleton.js';

/** Joints on a row, each 20 pixels from the next: more than a tenth of the box of 100. */
const places = Array.from({ length: 17 }, (_, j) => ({ x: 20 * j, y: 0 }));
const truth: TruePerson = { box: [0, 0, 50, 100], keypoints: places.map((k) => ({ ...k, visible: 2 })) };
const said = (order: readonly number[]): { keypoints: { x: number; y: number; score: number }[] } => ({ keypoints: order.map((j) => ({ ...places[j], score: 1 })) });
const IDENTITY = places.map((_, j) => j);
const MIRRORED = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];

describe('SkeletonConfusion', () => {
  it('finds a mirrored person', () => {
    const confusion = new SkeletonConfusion();
    confusion.add(said(IDENTITY), truth);
    confusion.add(said(MIRRORED), truth);
    expect(confusion.result()).toMatchObject({ pck01Found: 18 / 34, pck01FoundMirrored: 1, peopleMirrored: 0.5, leftRightSwapped: 0.5 });
    expect(confusion.result().pck01ByJoint).toMatchObject({ nose: 1, eyes: 0.5, ankles: 0.5 });
  });

  it('counts people who were not found in the bands of sizes only', () => {
    const confusion = new SkeletonConfusion();
    confusion.add(said(IDENTITY), truth);
    confusion.add(undefined, truth);
    confusion.add(undefined, { ...truth, box: [0, 0, 20, 300] });
    const result = confusion.result();
    expect(result.pck01Found).toBe(1);
    expect(result.pck01BySize).toEqual({ under64: Number.NaN, from64to128: 0.5, over128: 0 });
    expect(result.recallBySize).toEqual({ under64: Number.NaN, from64to128: 0.5, over128: 0 });
  });

  it('leaves hidden joints out', () => {
    const confusion = new SkeletonConfusion();
    confusion.add(said(MIRRORED), { ...truth, keypoints: truth.keypoints.map((k, j) => ({ ...k, visible: j === 0 ? 2 : 1 })) });
    expect(confusion.result()).toMatchObject({ pck01Found: 1, peopleMirrored: 0, leftRightSwapped: Number.NaN });
  });
});
