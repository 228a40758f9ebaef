import { describe, expect, it } from '@jest/globals';
import type { WorldFrame, WorldPerson } from '@sextant/world';
import { cocoPeople } from '../files/skeleton.js';
import { toPerception } from './to-perception.js';

const frame = (people: readonly WorldPerson[]): WorldFrame => ({ width: 4, height: 3, index: 0, stamp: 0n, people } as unknown as WorldFrame);
const keypoints = Array.from({ length: 17 }, (_, i) => ({ x: i, y: 1, visibility: 2 as const }));

describe('the people of a rendered frame', () => {
  it('have no labelled joint where nobody knows their skeleton, a teacher\'s where one does, and are left out where nothing of them is seen', () => {
    const { people } = toPerception(frame([
      { instanceId: 7, labelled: true, keypoints, box: [0, 0, 2, 2] },
      { instanceId: 8, labelled: false, keypoints: [], box: [2, 0, 2, 3] },
      { instanceId: 9, labelled: true, keypoints, box: [0, 0, 0, 0] },
      { instanceId: 10, labelled: false, keypoints, box: [1, 0, 2, 3] },
    ]), []).skeleton!;
    expect(people.map(({ id }) => id)).toEqual([7, 8, 10]);
    expect(cocoPeople({ width: 4, height: 3, people })).toMatchObject([
      { instance_id: 7, num_keypoints: 17 },
      { instance_id: 8, num_keypoints: 0, keypoints: new Array(51).fill(0), bbox: [2, 0, 2, 3] },
      { instance_id: 10, num_keypoints: 17 },
    ]);
  });
});
