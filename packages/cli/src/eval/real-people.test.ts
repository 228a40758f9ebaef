import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COCO_KEYPOINTS } from '@sextant/core';
import type { Item } from './items.js';
import { readPeople } from './real-people.js';

describe('readPeople', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** An item of people, each of whose 17 joints has that `v`. */
  function item(...people: readonly { readonly v: (joint: number) => number; readonly iscrowd?: number }[]): Item {
    folder = mkdtempSync(join(tmpdir(), 'sextant-people-'));
    const keypoints = (v: (joint: number) => number): number[][] => COCO_KEYPOINTS.map((_, j) => [j, 2 * j, v(j)]);
    writeFileSync(join(folder, 'keypoints.json'), JSON.stringify({ joint_names: COCO_KEYPOINTS, people: people.map(({ v, ...rest }) => ({ keypoints: keypoints(v), bbox_xywh: [0, 0, 50, 100], ...rest })) }));
    return { folder } as Item;
  }

  it('takes v = 1 for annotated where the file knows no 2, as PoseTrack18', async () => {
    const { people } = await readPeople(item({ v: (j) => (j < 5 ? 0 : 1) }, { v: () => 1 }));
    expect(people.map(({ truth }) => truth.keypoints.map(({ visible }) => visible).join(''))).toEqual(['00000' + '2'.repeat(12), '2'.repeat(17)]);
  });

  it('takes v = 1 for hidden where any joint of the file has 2', async () => {
    const { people, crowds } = await readPeople(item({ v: () => 1 }, { v: (j) => (j === 0 ? 2 : 1) }, { v: () => 0, iscrowd: 1 }));
    expect(people.map(({ truth }) => truth.keypoints.map(({ visible }) => visible).join(''))).toEqual(['1'.repeat(17), '2' + '1'.repeat(16)]);
    expect(crowds).toEqual([[0, 0, 50, 100]]);
  });
});
