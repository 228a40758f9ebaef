import { describe, expect, it } from '@jest/globals';
import type { Person } from '@sextant/core';
import type { TruePerson } from '@sextant/model';
import { SkeletonTally, personInBox } from './skeleton-tally.js';

const joints = (x: number, y: number): { x: number; y: number }[] => Array.from({ length: 17 }, (_, j) => ({ x: x + j, y }));

function person(box: Person['box'], x: number, y: number): Person {
  return { id: 1, score: 1, box, keypoints: joints(x, y).map((k) => ({ ...k, score: 1 })) };
}

/** Joint 0 hidden, joint 1 not labelled, all others seen. */
function truth(box: TruePerson['box'], x: number, y: number): TruePerson {
  return { box, keypoints: joints(x, y).map((k, j) => ({ ...k, visible: j === 0 ? 1 : j === 1 ? 0 : 2 })) };
}

describe('SkeletonTally', () => {
  it('counts joints of people found, missed and cropped', () => {
    const tally = new SkeletonTally();
    const [found, missed, small] = [truth([0, 0, 60, 100], 10, 50), truth([200, 0, 60, 100], 210, 50), truth([400, 0, 6, 10], 400, 5)];
    const score = tally.add('a', [person([0, 0, 60, 100], 10, 55), person([400, 0, 6, 10], 400, 5)], [
      { truth: found, scored: true, inBox: undefined },
      { truth: missed, scored: true, inBox: person([200, 0, 60, 100], 210, 65) }, // 15 pixels off: within 0.2 of 100, not 0.1
      { truth: small, scored: false },
    ]);
    expect(score).toBe(0.5);
    const { metrics, baselines } = tally.report('real')!;
    expect(metrics).toMatchObject({ pck01: 0.5, pck02: 0.5, pck01All: 0.5, pck01Box: 0, pck02Box: 0.5, recall: 0.5, falsePeople: 0, people: 2 });
    // Each is the mean of the others: the same pose in another box.
    expect(baselines['meanPose']['pck01']).toBe(1);
  });

  it('counts nobody as false who is there without being annotated', () => {
    const tally = new SkeletonTally();
    const [found, alone] = [truth([0, 0, 60, 100], 10, 50), person([0, 0, 60, 100], 10, 50)];
    // One in the crowd, one half of whom is, one beside it; and one who matches a person without joints.
    const crowd: Person['box'] = [200, 0, 100, 100];
    const others = [person([200, 0, 60, 100], 210, 50), person([280, 0, 40, 100], 290, 50), person([400, 0, 60, 100], 410, 50), person([600, 0, 60, 100], 610, 50)];
    tally.add('a', [alone, ...others], [{ truth: found, scored: true }, { truth: { box: [605, 0, 60, 100], keypoints: [] }, scored: false }], [crowd]);
    expect(tally.report('real')!.metrics).toMatchObject({ recall: 1, falsePeople: 2, people: 1 });
  });

  it('takes of a crop the person of its box', () => {
    const [inside, beside] = [person([10, 10, 40, 80], 20, 20), person([60, 10, 20, 80], 65, 20)];
    expect(personInBox([beside, inside], [12, 8, 40, 80])).toBe(inside);
    expect(personInBox([], [0, 0, 9, 9])).toBeUndefined();
  });

  it('has no report of nobody', () => {
    const tally = new SkeletonTally();
    tally.add('a', [person([0, 0, 9, 9], 0, 0)], []);
    expect(tally.report('real')).toBeUndefined();
  });
});
