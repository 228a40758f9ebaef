import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Skeletons } from '@sextant/core';
import { cocoPeople, writeKeypoints } from './skeleton.js';
import type { LabelledKeypoint } from './skeleton.js';

const joints = (make: (i: number) => LabelledKeypoint): LabelledKeypoint[] => Array.from({ length: 17 }, (_, i) => make(i));

describe('keypoints.json', () => {
  it('says 2 for joints the model believes in and 0 for others', () => {
    const [person] = cocoPeople({ width: 9, height: 9, people: [{ id: 5, score: 0.75, box: [1, 2, 3, 4], keypoints: joints((i) => ({ x: i, y: 2.00049, score: i < 2 ? 0.3 : 0.29 })) }] });
    expect(person.keypoints.slice(0, 9)).toEqual([0, 2, 2, 1, 2, 2, 0, 0, 0]);
    expect(person).toMatchObject({ num_keypoints: 2, bbox: [1, 2, 3, 4], score: 0.75, instance_id: 5 });
  });

  it('keeps exact visibility where it is known', () => {
    expect(cocoPeople({ width: 9, height: 9, people: [{ id: 1, score: 1, box: [0, 0, 1, 1], keypoints: joints(() => ({ x: 1, y: 1, score: 1 })), front: 0.12345 }] })[0].front).toBe(0.123);
    const [person] = cocoPeople({ width: 9, height: 9, people: [{ id: 1, score: 1, box: [0, 0, 1, 1], keypoints: joints((i) => ({ x: 1, y: 1, score: 1, visibility: (i % 3) as 0 | 1 | 2 })) }] });
    expect(person.keypoints.slice(0, 9)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 2]);
    expect(person.num_keypoints).toBe(11);
  });

  it('has the area of the mask, and of the box its usual share where there is no mask', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-coco-'));
    const person = (id: number): Skeletons['people'][number] => ({ id, score: 1, box: [0, 0, 4, 2], keypoints: joints(() => ({ x: 1, y: 1, score: 1 })) });
    const people = cocoPeople({ width: 4, height: 2, people: [person(7), person(8), person(0)] }, Uint16Array.of(0, 7, 7, 3, 0, 7, 0, 0));
    await writeKeypoints(folder, [{ index: 0, stamp: 0, width: 4, height: 2, people }]);
    const coco = JSON.parse(await readFile(join(folder, 'skeleton', 'keypoints.json'), 'utf8')) as { annotations: { area: number }[] };
    expect(coco.annotations.map(({ area }) => area)).toEqual([3, 4.24, 4.24]); // 0.53 of 8
    await rm(folder, { recursive: true });
  });

  it('is COCO: images by index, annotations with running ids, one category with 17 names and 1-based limbs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-coco-'));
    const people = cocoPeople({ width: 8, height: 6, people: [{ id: 1, score: 1, box: [0, 0, 2, 3], keypoints: joints(() => ({ x: 1, y: 1, score: 1 })) }] });
    await writeKeypoints(folder, [{ index: 0, stamp: 0, width: 8, height: 6, people }, { index: 2, stamp: 5, width: 8, height: 6, people: [...people, ...people] }]);
    const coco = JSON.parse(await readFile(join(folder, 'skeleton', 'keypoints.json'), 'utf8')) as Record<'images' | 'annotations' | 'categories', Record<string, unknown>[]>;
    expect(coco.images).toEqual([{ id: 0, file_name: '000000.png', width: 8, height: 6, stamp: 0 }, { id: 2, file_name: '000002.png', width: 8, height: 6, stamp: 5 }]);
    expect(coco.annotations.map((a) => [a.id, a.image_id, a.category_id, a.area, (a.keypoints as number[]).length])).toEqual([[1, 0, 1, 3.18, 51], [2, 2, 1, 3.18, 51], [3, 2, 1, 3.18, 51]]);
    expect(coco.categories[0].keypoints).toHaveLength(17);
    expect(Math.min(...(coco.categories[0].skeleton as number[][]).flat())).toBe(1);
    await rm(folder, { recursive: true });
  });
});
