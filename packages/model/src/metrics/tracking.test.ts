import { describe, expect, it } from '@jest/globals';
import { TrackingMetrics } from './tracking.js';
import type { TrackedFrame, TrackingScores } from './tracking.js';

/** A frame of pairs [true id, predicted id] that show each other; 0 on one side: missed, or invented. */
function frame(...pairs: readonly (readonly [number, number])[]): TrackedFrame {
  const seen = pairs.filter(([t]) => t > 0);
  const said = pairs.filter(([, p]) => p > 0);
  return { truth: seen.map(([t]) => t), predicted: said.map(([, p]) => p), likeness: seen.flatMap((a) => said.map((b) => (a === b ? 0.8 : 0.1))) };
}

function scores(...sequences: readonly (readonly TrackedFrame[])[]): TrackingScores {
  const metrics = new TrackingMetrics();
  for (const sequence of sequences) metrics.addSequence(sequence);
  return metrics.result();
}

describe('TrackingMetrics', () => {
  it('is perfect where ids stay, whatever they are called', () => {
    const frames = [1, 2, 3].map(() => frame([1, 70], [2, 50]));
    expect(scores(frames)).toEqual({
      idf1: 1, idp: 1, idr: 1, mota: 1, switches: 0, fragmentations: 0, missed: 0, invented: 0, tracks: 2, sightings: 6, predictions: 6, sequences: 1,
    });
  });

  it('counts two switches where two things swap their ids', () => {
    const [before, after] = [frame([1, 7], [2, 8]), frame([1, 8], [2, 7])];
    // Of 8 sightings each pairing of tracks has 4.
    expect(scores([before, before, after, after])).toMatchObject({ switches: 2, idf1: 0.5, idp: 0.5, idr: 0.5, mota: 1 - 2 / 8, fragmentations: 0 });
    // The first pairing has 6 of 8.
    expect(scores([before, before, before, after])).toMatchObject({ switches: 2, idf1: 0.75, mota: 0.75 });
  });

  it('counts a gap as a fragmentation, and as a switch where the id is another one after it', () => {
    const [on, off] = [frame([1, 7]), frame([1, 0])];
    const kept = scores([on, on, off, on, on]);
    expect(kept).toMatchObject({ fragmentations: 1, switches: 0, missed: 1, idp: 1, idr: 4 / 5, mota: 4 / 5 });
    expect(kept.idf1).toBeCloseTo(8 / 9, 12); // 2 * 4 / (5 sightings + 4 predictions)
    const renamed = scores([on, on, off, frame([1, 8]), frame([1, 8])]);
    expect(renamed).toMatchObject({ fragmentations: 1, switches: 1, missed: 1, idp: 2 / 4, idr: 2 / 5, mota: 1 - 2 / 5 });
    expect(renamed.idf1).toBeCloseTo(4 / 9, 12);
  });

  it('does not blame anybody for a thing that is out of view, nor for one not found at first or not again', () => {
    const [on, away, off] = [frame([1, 7]), frame(), frame([1, 0])];
    expect(scores([on, away, on])).toMatchObject({ fragmentations: 0, switches: 0, missed: 0, idf1: 1, mota: 1, sightings: 2 });
    expect(scores([off, on, on, off])).toMatchObject({ fragmentations: 0, switches: 0, missed: 2, mota: 0.5 });
    // Another id after it was away is a switch all the same.
    expect(scores([on, away, frame([1, 8])])).toMatchObject({ fragmentations: 0, switches: 1, idf1: 0.5 });
  });

  it('counts predictions that show nothing', () => {
    const result = scores([frame([1, 7]), frame([1, 7], [0, 9]), frame([1, 7], [0, 9]), frame([1, 7])]);
    expect(result).toMatchObject({ invented: 2, missed: 0, idr: 1, mota: 1 - 2 / 4, tracks: 1, predictions: 6 });
    expect(result.idp).toBeCloseTo(4 / 6, 12);
    expect(result.idf1).toBeCloseTo(8 / 10, 12);
  });

  it('pairs identities over the whole sequence to the most, not to the first', () => {
    const [alone, both] = [frame([1, 7]), frame([1, 8], [2, 7])];
    // 1 is 7 three times, but 1 as 8 and 2 as 7 are right four times.
    const result = scores([alone, alone, alone, both, both]);
    expect(result.idf1).toBeCloseTo((2 * 4) / (7 + 7), 12);
    expect(result).toMatchObject({ switches: 1, tracks: 2 });
  });

  it('keeps what it paired last time, and pairs as many as it can of the others', () => {
    const first: TrackedFrame = { truth: [1], predicted: [7], likeness: [0.9] };
    expect(scores([first, { truth: [1], predicted: [7, 8], likeness: [0.5, 0.9] }])).toMatchObject({ switches: 0, invented: 1 });
    expect(scores([first, { truth: [1], predicted: [7, 8], likeness: [0.49, 0.9] }])).toMatchObject({ switches: 1, invented: 1 });
    expect(scores([{ truth: [1, 2], predicted: [7, 8], likeness: [0.5, 1, 0, 0.5] }])).toMatchObject({ missed: 0, invented: 0 });
  });

  it('adds sequences up, whose ids have nothing to do with each other', () => {
    const result = scores([frame([1, 7]), frame([1, 7])], [frame([1, 8]), frame([1, 8])]);
    expect(result).toMatchObject({ idf1: 1, switches: 0, tracks: 2, sightings: 4, sequences: 2 });
  });

  it('is NaN of nothing', () => {
    const nothing = { idf1: Number.NaN, idp: Number.NaN, idr: Number.NaN, mota: Number.NaN, switches: 0, fragmentations: 0, tracks: 0, sightings: 0 };
    expect(scores()).toMatchObject({ ...nothing, sequences: 0 });
    expect(scores([])).toMatchObject({ ...nothing, sequences: 1 });
    expect(scores([frame(), frame()])).toMatchObject(nothing);
    expect(scores([frame([0, 7])])).toMatchObject({ idf1: 0, idp: 0, idr: Number.NaN, mota: Number.NaN, invented: 1 });
    expect(scores([frame([1, 0])])).toMatchObject({ idf1: 0, idp: Number.NaN, idr: 0, mota: 0, missed: 1 });
  });

  it('refuses an id twice in one frame, and likenesses that do not fit the ids', () => {
    expect(() => scores([frame(), { truth: [1], predicted: [7, 7], likeness: [1, 0] }])).toThrow(/predicted id 7 comes twice in frame 1/);
    expect(() => scores([{ truth: [1], predicted: [7], likeness: [] }])).toThrow(/0 likenesses for 1 true things and 1 predictions/);
  });
});
