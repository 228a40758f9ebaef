import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConditionClip } from '@sextant/synth';
import { cocoPeople } from '../files/skeleton.js';
import { madePerception } from './to-perception.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-made-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('madePerception', () => {
  it('labels people as the condition does, without joints and people outside the picture', async () => {
    const person = (joints: number[][], bbox: number[]): object => ({ image_id: 0, bbox, keypoints: joints.flat().concat(new Array(51 - 3 * joints.length).fill(0) as number[]) });
    writeFileSync(join(root, 'keypoints.json'), JSON.stringify({ images: [{ id: 0, width: 36, height: 24 }], annotations: [
      person([[10, 5, 2], [12, 5, 1], [2, 9, 2], [10, 9, 0]], [1, 3, 14, 12]),
      person([[1, 5, 2], [2, 6, 1], [3, 7, 2], [4, 8, 2]], [0, 4, 5, 5]),
    ] }));
    const clip = await ConditionClip.open({ folders: { skeleton: root }, classes: [] });
    // The middle 24x24 of 36x24: 6 columns are cut away on either side.
    const size = { width: 24, height: 24 };
    const { condition } = await clip.at(0, size);
    // What is drawn keeps them.
    expect(condition.skeleton!.people.map(({ keypoints }) => keypoints.filter(({ score }) => score > 0).length)).toEqual([3, 4]);
    const frame = { stamp: 0n, frameId: 'camera', sequence: 0, ...size, rgb: new Uint8Array(24 * 24 * 3) };
    const { skeleton } = madePerception({ index: 0, frame, maps: {}, condition, elapsedMs: 1 }, ['skeleton'], []);
    const [seen, ...others] = cocoPeople(skeleton!);
    expect(others).toEqual([]);
    expect(seen.keypoints.slice(0, 12)).toEqual([4, 5, 2, 6, 5, 1, 0, 0, 0, 0, 0, 0]);
    expect(seen).toMatchObject({ num_keypoints: 2, bbox: [0, 3, 9, 12] });
  });
});
