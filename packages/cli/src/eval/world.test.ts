import { describe, expect, it } from '@jest/globals';
import type { Frame, Modality } from '@sextant/core';
import type { WorldFrame } from '@sextant/world';
import type { Exam } from './settings.js';
import { evaluateWorld, truePeople } from './world.js';

describe('evaluateWorld', () => {
  it('takes a pair that the model takes for a cut for one where it saw no motion', async () => {
    const examinee = { model: { classes: [] }, able: (asked: readonly Modality[]) => asked, look: ([, frame]: readonly Frame[]) => Promise.resolve({ frame, reset: 'cut' }) };
    const exam = { examinee, modalities: ['flow'], progress: () => undefined } as unknown as Exam;
    const [report] = await evaluateWorld(exam, { seeds: 1, firstSeed: 0, size: { width: 32, height: 24 } });
    expect(report).toMatchObject({ task: 'flow', frames: 1 });
    expect(report.metrics['epe']).toBe(report.baselines['zero']['epe']);
  });
});

describe('truePeople', () => {
  it('has people whose skeleton is not exact too, without scoring them', () => {
    const keypoints = Array.from({ length: 17 }, (_, j) => ({ x: j, y: 2 * j, visibility: j === 0 ? (1 as const) : (2 as const) }));
    const people = [
      { instanceId: 1, labelled: true, box: [0, 0, 40, 80], keypoints },
      { instanceId: 2, labelled: false, box: [50, 0, 40, 80], keypoints },
      { instanceId: 3, labelled: true, box: [0, 0, 0, 0], keypoints }, // out of view
    ] as unknown as WorldFrame['people'];
    const seen = truePeople({ people, instances: Uint16Array.of(1, 2, 2, 2, 0) });
    expect(seen.map(({ scored, truth: { box, area, keypoints: joints } }) => [scored, box[0], area, joints.length])).toEqual([[true, 0, 1, 17], [false, 50, 3, 0]]);
  });
});
