import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { image, times, writeBag } from '../../../../test/support/bags.js';
import { scratch } from '../../test/media.js';
import type { SourceIssue } from '../source-options.js';
import { BagFile } from './bag-file.js';
import type { RosImage } from './ros-picture.js';

const root = scratch();

async function values(path: string): Promise<{ values: number[]; issues: SourceIssue[] }> {
  const [found, issues]: [number[], SourceIssue[]] = [[], []];
  for await (const message of (await BagFile.open(path)).read(['/left/image_raw'], { onIssue: (issue) => issues.push(issue) })) found.push(message.decode<RosImage>().data[0]);
  return { values: found, issues };
}

/** Spoils the chunk that holds the picture of this value. */
async function spoil(path: string, value: number): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.indexOf(new Uint8Array(8).fill(value));
  bytes.fill(0xff, at, at + 30);
  await writeFile(path, bytes);
}

describe('BagFile', () => {
  it.each([
    ['chunks', { useChunks: false }], ['a chunk index', { useChunkIndex: false }], ['message indexes', { useMessageIndex: false }], ['channels in its summary', { repeatChannels: false, repeatSchemas: false }],
  ])('reads a file without %s from the front, and says so', async (_, options) => {
    const path = join(root, 'partly.mcap');
    await writeBag(path, times(30).map((time, i) => image(time, i)), options);
    expect((await BagFile.open(path)).topics).toMatchObject([{ topic: '/left/image_raw', type: 'sensor_msgs/msg/Image' }]);
    const read = await values(path);
    expect(read.values).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(read.issues).toMatchObject([{ kind: 'no-index', message: expect.stringContaining('has no index') }]);
  });

  it('takes a file for whole that holds nothing, or has no statistics', async () => {
    const [empty, plain] = [join(root, 'empty.mcap'), join(root, 'plain.mcap')];
    await writeBag(empty, []);
    expect(await values(empty)).toEqual({ values: [], issues: [] });
    await writeBag(plain, times(3).map((time, i) => image(time, i)), { useStatistics: false });
    expect(await values(plain)).toEqual({ values: [0, 1, 2], issues: [] });
  });

  it('leaves out a damaged chunk alone, and once, also where the times of chunks overlap', async () => {
    const path = join(root, 'overlap.mcap');
    const at = times(33);
    // The first chunk has the definitions and three pictures. Then ten at a time, every second one first: two chunks of the same time.
    const order = [0, 1, 2, ...[3, 13, 23].flatMap((from) => [0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map((i) => from + i))];
    await writeBag(path, order.map((i) => image(at[i], i)), { chunkSize: 1000 });
    expect((await values(path)).values).toEqual(at.map((_, i) => i));
    await spoil(path, 16);
    const read = await values(path);
    expect(read.issues).toMatchObject([{ kind: 'corrupt-picture', message: expect.stringContaining('a chunk cannot be read and is left out') }]);
    expect(at.map((_, i) => i).filter((i) => !read.values.includes(i))).toEqual([14, 16, 18, 20, 22]);
    expect(read.values).toHaveLength(28);
  });

  it('gives no message twice that has the time of the one before the damage', async () => {
    const path = join(root, 'same-time.mcap');
    const [first, second, third] = times(3);
    // Chunks of one picture (with the definitions), two, two and one: the third begins at the time where the second ends.
    await writeBag(path, [image(first, 1), image(first, 2), image(second, 3), image(second, 4), image(third, 5), image(third, 6)], { chunkSize: 400 });
    await spoil(path, 4);
    expect(await values(path)).toMatchObject({ values: [1, 2, 3, 6], issues: [{ kind: 'corrupt-picture' }] });
  });
});
