import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import sharp from 'sharp';
import { jpeg, mean, png, plain, scratch } from '../../test/media.js';
import type { SourceIssue } from '../source-options.js';
import { pictures } from './pictures.js';
import type { PicturesOptions } from './pictures.js';

jest.setTimeout(60_000); // one decodes 8K, and machines are busy
const root = scratch();

async function folder(name: string, files: Record<string, Buffer | string>): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  for (const [file, data] of Object.entries(files)) await writeFile(join(path, file), data);
  return path;
}
const play = (path: string, options: PicturesOptions = {}): Promise<Frame[]> => lastValueFrom(pictures(path, { realtime: false, ...options }).pipe(toArray()));

describe('pictures', () => {
  it('plays PNG and JPEG in natural order with stamps by rate, and leaves other files alone', async () => {
    const path = await folder('order', {
      'f10.png': await png(4, 3, [30, 0, 0]), 'f2.png': await png(4, 3, [20, 0, 0]), 'f1.JPG': await jpeg(4, 3, [200, 0, 0]), 'notes.txt': 'x', '.f0.png': 'x',
    });
    const frames = await play(path, { rate: 10, frameId: 'left_optical' });
    expect(frames.map((f) => Math.round(mean(f.rgb)[0] / 10))).toEqual([20, 2, 3]);
    expect(frames.map((f) => [f.sequence, f.stamp, f.width, f.height, f.frameId])).toEqual([
      [0, 0n, 4, 3, 'left_optical'], [1, 100_000_000n, 4, 3, 'left_optical'], [2, 200_000_000n, 4, 3, 'left_optical'],
    ]);
    expect(frames[0].camera).toBeUndefined();
  });

  it('brings alpha, grey, 16 bits and EXIF orientation to upright rgb8', async () => {
    const grey16 = new Uint16Array(6).fill(0x8080); // sharp takes the depth from the array's type
    const path = await folder('kinds', {
      'a.png': await sharp({ create: { width: 3, height: 2, channels: 4, background: { r: 200, g: 100, b: 50, alpha: 0.5 } } }).png().toBuffer(),
      'b.png': await sharp(plain(3, 2, [90, 90, 90]), { raw: { width: 3, height: 2, channels: 3 } }).toColourspace('b-w').png().toBuffer(),
      'c.png': await sharp(grey16, { raw: { width: 3, height: 2, channels: 1 } }).toColourspace('grey16').png().toBuffer(),
      'd.jpg': await sharp(plain(2, 3, [10, 200, 10]), { raw: { width: 2, height: 3, channels: 3 } }).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    });
    const frames = await play(path);
    expect(frames.map((f) => [f.width, f.height, f.rgb.length])).toEqual(Array(4).fill([3, 2, 18]));
    expect([...frames[0].rgb.subarray(0, 3)].map((v, i) => Math.abs(v - [100, 50, 25][i]) <= 1)).toEqual([true, true, true]);
    expect([...frames[1].rgb]).toEqual(Array(18).fill(90));
    expect([...frames[2].rgb]).toEqual(Array(18).fill(0x80));
    expect(mean(frames[3].rgb)[1]).toBeGreaterThan(190);
  });

  it('plays one pixel, and one file by itself', async () => {
    const path = await folder('tiny', { 'one.png': await png(1, 1, [1, 2, 3]) });
    expect([...(await play(path))[0].rgb]).toEqual([1, 2, 3]);
    expect([...(await play(join(path, 'one.png')))[0].rgb]).toEqual([1, 2, 3]);
  });

  it('plays an 8K picture, and refuses what is larger than the limit', async () => {
    const big = await sharp({ create: { width: 7680, height: 4320, channels: 3, background: '#402010' } }).jpeg().toBuffer();
    const path = await folder('big', { 'a.jpg': big });
    const [frame] = await play(path);
    expect([frame.width, frame.height, frame.rgb.length]).toEqual([7680, 4320, 7680 * 4320 * 3]);
    await expect(play(path, { maxPixels: 8e6 })).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('7680x4320') });
  });

  it('ends at the first picture of another size, naming both sizes and the file', async () => {
    const path = await folder('mixed', { '1.png': await png(4, 3, [9, 9, 9]), '2.png': await png(5, 3, [99, 99, 99]) });
    const seen: Frame[] = [];
    const error = await new Promise((resolve) => pictures(path, { realtime: false }).subscribe({ next: (f) => seen.push(f), error: resolve }));
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ code: 'source-corrupt', details: { found: [5, 3], first: [4, 3] } });
    expect((error as Error).message).toMatch(/2\.png is 5x3.*4x3/);
    const resumed = play(path, { start: 1 });
    await expect(resumed).rejects.toMatchObject({ details: { found: [5, 3], first: [4, 3] } });
  });

  it('stretches mixed sizes when told to', async () => {
    const path = await folder('stretch', { '1.png': await png(4, 3, [9, 9, 9]), '2.png': await png(5, 7, [99, 99, 99]), '3.png': await png(2, 2, [50, 50, 50]) });
    const frames = await play(path, { mixedSizes: 'resize' });
    expect(frames.map((f) => [f.width, f.height, f.rgb[0]])).toEqual([[4, 3, 9], [4, 3, 99], [4, 3, 50]]);
  });

  it('leaves out a damaged picture, says so, and keeps its number free', async () => {
    const whole = await jpeg(32, 32, [100, 100, 100]);
    const path = await folder('damaged', { '0.jpg': whole, '1.jpg': whole.subarray(0, whole.length / 2), '2.jpg': 'no picture', '3.jpg': whole });
    const issues: SourceIssue[] = [];
    const frames = await play(path, { onIssue: (issue) => issues.push(issue) });
    expect(frames.map((f) => f.sequence)).toEqual([0, 3]);
    expect(issues.map((i) => [i.kind, i.index])).toEqual([['corrupt-picture', 1], ['corrupt-picture', 2]]);
  });

  it('fails when no picture can be decoded, when there is none, and when there is no folder', async () => {
    await expect(play(await folder('bad', { '0.png': 'x', '1.png': '' }))).rejects.toMatchObject({ code: 'source-corrupt', details: { lost: 2 } });
    await expect(play(await folder('empty', { 'x.txt': '' }))).rejects.toMatchObject({ code: 'source-missing' });
    await expect(play(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('nowhere') });
  });

  it('goes on from a start, and loops with rising stamps and numbers', async () => {
    const path = await folder('loop', { '0.png': await png(2, 2, [0, 0, 0]), '1.png': await png(2, 2, [1, 1, 1]), '2.png': await png(2, 2, [2, 2, 2]) });
    const frames = await lastValueFrom(pictures(path, { realtime: false, loop: true, start: 1, rate: 10 }).pipe(take(5), toArray()));
    expect(frames.map((f) => [f.rgb[0], f.sequence, Number(f.stamp / 1_000_000n)])).toEqual([[1, 1, 100], [2, 2, 200], [0, 3, 300], [1, 4, 400], [2, 5, 500]]);
    expect(await play(path, { start: 7, loop: true })).toEqual([]);
  });

  it('decodes nothing of the seconds that are left out, and says where that is all', async () => {
    const path = await folder('late', { '0.png': await png(2, 2, [0, 0, 0]), '1.png': 'x', '2.png': await png(2, 2, [2, 2, 2]) });
    const issues: unknown[] = [];
    const frames = await play(path, { rate: 10, startSeconds: 0.2, onIssue: (issue) => issues.push(issue) });
    expect([frames.map((f) => [f.sequence, f.stamp]), issues]).toEqual([[[2, 200_000_000n]], []]);
    await expect(play(path, { rate: 10, startSeconds: 3 })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('0.200 s after') });
  });

  it('gives the intrinsics of a calibration, scaled', async () => {
    const path = await folder('calibrated', { '0.png': await png(4, 2, [0, 0, 0]) });
    const camera = { width: 8, height: 4, distortionModel: 'none' as const, d: [], k: [8, 0, 3.5, 0, 8, 1.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [8, 0, 3.5, 0, 0, 8, 1.5, 0, 0, 0, 1, 0], provenance: 'calibrated' as const };
    const frame = await firstValueFrom(pictures(path, { realtime: false, calibration: camera }));
    expect(frame.camera).toMatchObject({ width: 4, height: 2, k: [4, 0, 1.5, 0, 4, 0.5, 0, 0, 1] });
    await expect(play(path, { calibration: { ...camera, height: 8 } })).rejects.toMatchObject({ code: 'bad-config', message: expect.stringMatching(/8x8.*4x2/) });
  });

  it('refuses options that cannot be, where it is made', () => {
    expect(() => pictures('x', { rate: 0 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    expect(() => pictures('x', { rate: 1e-7 })).toThrow(expect.objectContaining({ code: 'bad-argument', hint: expect.stringContaining('at least 0.000001') }));
    expect(() => pictures('x', { start: -1 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
