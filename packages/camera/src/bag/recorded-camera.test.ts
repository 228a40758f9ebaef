import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { CameraModel } from '@sextant/core';
import { lastValueFrom, take, toArray } from 'rxjs';
import { HEIGHT, WIDTH, image, info, times, writeBag } from '../../../../test/support/bags.js';
import type { Entry } from '../../../../test/support/bags.js';
import { scratch } from '../../test/media.js';
import { openSource } from '../open-source.js';
import type { PlaybackOptions, SourceIssue } from '../source-options.js';

const root = scratch();
const all = times(3);
const path = join(root, 'camera.mcap');
const GIVEN: CameraModel = {
  width: WIDTH, height: HEIGHT, distortionModel: 'none', d: [], k: [99, 0, 3.5, 0, 99, 2.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [99, 0, 3.5, 0, 0, 99, 2.5, 0, 0, 0, 1, 0],
  provenance: 'calibrated',
};

/** Focal lengths of the first frames of a recording of these, and what was told. */
async function play(entries: readonly Entry[], options: PlaybackOptions = {}, frames = 3, write = {}): Promise<{ focal: (number | undefined)[]; issues: SourceIssue[] }> {
  await writeBag(path, entries, write);
  const issues: SourceIssue[] = [];
  const shown = await lastValueFrom(openSource(path, { realtime: false, onIssue: (issue) => issues.push(issue), ...options }).pipe(take(frames), toArray()));
  return { focal: shown.map(({ camera }) => camera?.k[0]), issues };
}

describe('the camera of a recording', () => {
  const after = all.flatMap((time, i) => [image(time, i), info(time + 1n)]);

  it('is known from the first picture on, also where camera_info is recorded after it, and in each round of a loop', async () => {
    expect(await play(after)).toEqual({ focal: [10, 10, 10], issues: [] });
    expect(await play(after, { loop: true }, 5)).toEqual({ focal: [10, 10, 10, 10, 10], issues: [] });
    expect((await play([image(all[0], 0), image(all[1], 1), image(all[2], 2), info(all[2] + 1n)])).focal).toEqual([10, 10, 10]);
    // Read from the front: the first picture waits for the second.
    expect((await play(after, {}, 3, { useChunks: false })).focal).toEqual([10, 10, 10]);
  });

  it('is each picture\'s own where it changes', async () => {
    const zoom = (time: bigint, i: number): Entry => info(time, [WIDTH, HEIGHT], { k: [10 + i, 0, 3.5, 0, 10, 2.5, 0, 0, 1] });
    for (const write of [{}, { useChunks: false }]) expect((await play(all.flatMap((time, i) => [zoom(time, i), image(time + 1n, i)]), {}, 3, write)).focal).toEqual([10, 11, 12]);
  });

  it('gives way to `calibration`, whatever the recording says', async () => {
    const unusable = [info(all[0], [WIDTH, HEIGHT], { distortion_model: 'kannala_brandt4' }), info(all[0], [100, HEIGHT])];
    for (const first of [info(all[0]), ...unusable]) {
      expect(await play([first, ...all.map((time, i) => image(time, i))], { calibration: GIVEN })).toEqual({ focal: [99, 99, 99], issues: [] });
    }
  });

  it('is left out and told once where it cannot be used', async () => {
    const each = (entry: (time: bigint) => Entry): Entry[] => all.flatMap((time, i) => [entry(time), image(time, i)]);
    const none = [undefined, undefined, undefined];
    expect(await play(each((time) => info(time, [WIDTH, HEIGHT], { distortion_model: 'kannala_brandt4' })))).toMatchObject({
      focal: none, issues: [{ kind: 'no-camera', message: "/left/camera_info has the lens model 'kannala_brandt4'; it is left out" }],
    });
    expect(await play(each((time) => info(time, [640, 640])))).toMatchObject({ focal: none, issues: [{ kind: 'no-camera', message: expect.stringMatching(/640x640.*8x6.*; pictures come without a camera/) }] });
    const [good, cut] = [info(all[0]), { ...info(all[1]), bytes: 60 }];
    expect(await play([good, image(all[0], 0), cut, image(all[1], 1), image(all[2], 2)])).toMatchObject({ focal: [10, 10, 10], issues: [{ kind: 'no-camera', message: expect.stringContaining('does not fit its definition') }] });
  });

  it('is scaled to the pictures', async () => {
    expect((await play([info(all[0], [2 * WIDTH, 2 * HEIGHT]), image(all[0], 1)])).focal).toEqual([5]);
  });
});
