import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { EPOCH, SECOND, image, stamped, times, writeBag } from '../../../../test/support/bags.js';
import type { Entry } from '../../../../test/support/bags.js';
import { scratch } from '../../test/media.js';
import { openSource } from '../open-source.js';
import { probeSource } from '../probe-source.js';
import type { PlaybackOptions, SourceIssue } from '../source-options.js';

const root = scratch();
const path = join(root, 'pictures.mcap');
const all = times(4);
const TENTH = SECOND / 10n;

async function play(entries: readonly Entry[], options: PlaybackOptions = {}): Promise<{ stamps: bigint[]; values: number[]; sequences: number[]; issues: SourceIssue[] }> {
  await writeBag(path, entries);
  const issues: SourceIssue[] = [];
  const frames = await lastValueFrom(openSource(`${path}#/left/image_raw`, { realtime: false, onIssue: (issue) => issues.push(issue), ...options }).pipe(toArray()));
  return { stamps: frames.map(({ stamp }) => stamp), values: frames.map(({ rgb }) => rgb[0]), sequences: frames.map(({ sequence }) => sequence), issues };
}

describe('recorded pictures', () => {
  it('keep a clock that begins at 0, as a simulation\'s', async () => {
    const simulated = all.map((time, i) => stamped(image(time, i), BigInt(i) * TENTH));
    expect(await play(simulated)).toMatchObject({ stamps: [0n, TENTH, 2n * TENTH, 3n * TENTH], issues: [] });
    expect((await play(simulated, { startSeconds: 0.1 })).values).toEqual([1, 2, 3]);
    const back = [image(all[0], 0), stamped(image(all[1], 1), 0n), image(all[2], 2)];
    expect(await play(back)).toMatchObject({ stamps: [all[0], 0n, all[2]], issues: [{ kind: 'clock-jump', index: 1 }, { kind: 'clock-jump', index: 2 }] });
  });

  it('have the time of recording where the driver does not stamp', async () => {
    const unstamped = all.map((time, i) => stamped(image(time, i), 0n));
    expect((await play(unstamped)).stamps).toEqual(all);
    expect((await play(unstamped, { start: 2 })).stamps).toEqual(all.slice(2));
    expect((await play(unstamped.slice(0, 1))).stamps).toEqual([EPOCH]);
  });

  it('have a rate by their own clock, where an index leads to two of them', async () => {
    const rate = async (entries: readonly Entry[], options = {}): Promise<number | undefined> => {
      await writeBag(path, entries, options);
      return (await probeSource(`${path}#/left/image_raw`)).fps;
    };
    expect(await rate(all.map((time, i) => stamped(image(time, i), (BigInt(i) * SECOND) / 30n)))).toBe(30);
    expect(await rate(all.map((time, i) => stamped(image(time, i), 0n)))).toBe(10);
    expect(await rate([image(all[0], 0)])).toBeUndefined();
    expect(await rate(all.map((time, i) => image(time, i)), { useChunks: false })).toBeUndefined();
  });

  it('are not decoded where they are skipped', async () => {
    const depth = (time: bigint): Entry => image(time, 0, '32FC1', 4); // cannot be decoded
    const entries = [depth(all[0]), depth(all[1]), image(all[2], 2), image(all[3], 3)];
    expect(await play(entries, { startSeconds: 0.2 })).toMatchObject({ values: [2, 3], sequences: [2, 3] });
    expect(await play(entries, { start: 2 })).toMatchObject({ values: [2, 3], sequences: [2, 3] });
    expect((await play(entries.slice(1), { start: 1, startSeconds: 0.2 })).values).toEqual([3]);
  });

  it('go on after one whose message is damaged', async () => {
    for (const damaged of [0, 1]) {
      const read = await play(all.map((time, i) => ({ ...image(time, i), ...(i === damaged && { bytes: 60 }) })));
      expect(read.values).toEqual([0, 1, 2, 3].filter((i) => i !== damaged));
      expect(read.issues).toMatchObject([{ kind: 'corrupt-picture', index: damaged }]);
    }
    await expect(play(all.map((time, i) => ({ ...image(time, i), bytes: 60 })))).rejects.toMatchObject({ code: 'source-corrupt', message: expect.stringContaining('0 pictures decoded, 4 lost') });
  });

  it('are missed where a topic gives none', async () => {
    const lost = join(root, 'lost.mcap');
    await writeBag(lost, [image(all[0], 77)]);
    const bytes = await readFile(lost);
    const at = bytes.indexOf(new Uint8Array(8).fill(77));
    await writeFile(lost, bytes.fill(0xff, at, at + 30)); // the only chunk, which the summary still tells of
    await expect(lastValueFrom(openSource(`${lost}#/left/image_raw`, { realtime: false }))).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('gave no pictures') });
  });
});
