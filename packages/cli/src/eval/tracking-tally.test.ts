import { describe, expect, it } from '@jest/globals';
import { COCO_KEYPOINTS } from '@sextant/core';
import type { Person } from '@sextant/core';
import type { Report } from './report.js';
import { LEAST_PIXELS, TrackingTally, compareSkeletons } from './tracking-tally.js';
import type { FollowedPerson, MaskFrame } from './tracking-tally.js';

const SIDE = 32;

/** A map of squares of 10 pixels: [id, left, top]. */
function squares(...things: readonly (readonly [id: number, left: number, top: number])[]): Uint16Array {
  const map = new Uint16Array(SIDE * SIDE);
  for (const [id, left, top] of things) for (let i = 0; i < 100; i += 1) map[(top + Math.floor(i / 10)) * SIDE + left + (i % 10)] = id;
  return map;
}

/** A person whose joints lie around a place. */
function person(left: number, top: number, id = 1): Person {
  return { id, score: 1, box: [left, top, 20, 40], keypoints: COCO_KEYPOINTS.map((_, j) => ({ x: left + j, y: top + 2 * j, score: 1 })) };
}

function truePerson(id: number, left: number, top: number, counts = true): FollowedPerson {
  const { box, keypoints } = person(left, top);
  return { id, counts, truth: { box, keypoints: keypoints.map(({ x, y }) => ({ x, y, visible: 2 })) } };
}

const NOBODY: MaskFrame = { truth: squares(), predicted: squares(), tracked: squares() };
const of = (reports: readonly Report[], kind: string): Report => reports.find(({ set }) => set === `world-${kind}`)!;

describe('TrackingTally', () => {
  it('compares lasting ids with those of each frame alone, of overlap, and of the truth', () => {
    const tally = new TrackingTally();
    // Two squares; the right one jumps so far that overlap loses it, and the order of the frame turns round.
    const frames: MaskFrame[] = [
      { truth: squares([1, 0, 0], [2, 20, 0]), predicted: squares([1, 0, 0], [2, 20, 0]), tracked: squares([5, 0, 0], [6, 20, 0]) },
      { truth: squares([1, 0, 0], [2, 20, 15]), predicted: squares([2, 0, 0], [1, 20, 15]), tracked: squares([5, 0, 0], [6, 20, 15]) },
    ];
    for (const frame of frames) tally.addMasks(NOBODY, frame);
    tally.endSequence();
    const reports = tally.reports();
    expect(reports.map(({ task, set, items, frames: count }) => [task, set, items, count])).toEqual([['tracking', 'world-things', 1, 2]]);
    const { metrics, baselines } = reports[0];
    expect(metrics).toMatchObject({ idf1: 1, switches: 0, mota: 1, tracks: 2, sightings: 4 });
    expect(baselines['frameOrder']).toMatchObject({ idf1: 0.5, switches: 2, mota: 0.5 });
    expect(baselines['overlap']).toMatchObject({ idf1: 0.75, switches: 1, mota: 0.75 });
    expect(baselines['truth']).toMatchObject({ idf1: 1, switches: 0 });
  });

  it('gives ids by the truth so that as many people as possible are shown', () => {
    const tally = new TrackingTally();
    // The first skeleton fits both people, the second only the first of them.
    for (let frame = 0; frame < 3; frame += 1) tally.addSkeletons([person(1, 0), person(-1, 0)], [1, 2], [truePerson(1, 0, 0), truePerson(2, 2, 0)]);
    tally.endSequence();
    const { metrics, baselines } = of(tally.reports(), 'skeletons');
    expect(metrics).toMatchObject({ idf1: 1, mota: 1 });
    expect(baselines['truth']).toMatchObject({ idf1: 1, mota: 1, switches: 0 });
  });

  it('says by the truth\'s ids what better ids could not mend, and begins anew with each world', () => {
    const tally = new TrackingTally();
    const seen: MaskFrame = { truth: squares([1, 0, 0]), predicted: squares([1, 0, 0], [2, 20, 20]), tracked: squares([1, 0, 0], [2, 20, 20]) };
    const lost: MaskFrame = { truth: squares([1, 0, 0]), predicted: squares(), tracked: squares() };
    for (let world = 0; world < 2; world += 1) {
      for (const frame of [seen, lost, seen]) tally.addMasks(frame, NOBODY);
      tally.endSequence();
    }
    const { items, metrics, baselines } = of(tally.reports(), 'people');
    expect(items).toBe(2);
    // Of each world 2 of 3 sightings and 2 of 4 predictions.
    expect(metrics).toMatchObject({ tracks: 2, sightings: 6, missed: 2, invented: 4, fragmentations: 2, idf1: 8 / 14 });
    expect(baselines['truth']).toMatchObject({ idf1: 8 / 14, fragmentations: 2, switches: 0 });
    expect(baselines['overlap']).toMatchObject({ switches: 2 });
  });

  it('follows skeletons by their joints', () => {
    const tally = new TrackingTally();
    const truth = [truePerson(4, 0, 0), truePerson(9, 100, 0)];
    tally.addSkeletons([person(0, 0), person(100, 0)], [1, 2], truth);
    tally.addSkeletons([person(100, 0), person(0, 0)], [2, 1], truth);
    tally.endSequence();
    const { metrics, baselines } = of(tally.reports(), 'skeletons');
    expect(metrics).toMatchObject({ idf1: 1, switches: 0, tracks: 2 });
    expect(baselines).toMatchObject({ frameOrder: { switches: 2 }, overlap: { idf1: 1 }, truth: { idf1: 1 } });
  });

  it('has no reports of nothing', () => {
    const tally = new TrackingTally();
    tally.endSequence();
    expect(tally.reports()).toEqual([]);
    expect(LEAST_PIXELS).toBeLessThan(100); // the squares above count
  });
});

describe('compareSkeletons', () => {
  it('leaves out who shows people that do not count, and keeps who shows nobody', () => {
    const truth = [truePerson(4, 0, 0), truePerson(9, 100, 0, false)];
    const frame = compareSkeletons([person(101, 1), person(0, 0), person(300, 0)], truth);
    expect(frame).toMatchObject({ truth: [4], predicted: [2, 3] });
    expect(frame.likeness[0]).toBe(1);
    expect(frame.likeness[1]).toBeLessThan(0.5);
  });
});
