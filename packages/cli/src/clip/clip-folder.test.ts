import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClipFolder } from './clip-folder.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-clip-'));
afterAll(() => rm(root, { recursive: true }));
const open = (name: string, identity: Readonly<Record<string, unknown>> = { command: 'world' }, overwrite = false): Promise<ClipFolder | undefined> =>
  ClipFolder.open(join(root, name), { modalities: [], preview: false, identity, overwrite });

describe('ClipFolder', () => {
  it('is one call\'s at a time, and goes on where that has stopped', async () => {
    const first = await open('a');
    for (const overwrite of [false, true]) await expect(open('a', { command: 'world' }, overwrite)).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('is writing there') });
    expect(existsSync(join(root, 'a/.sextant-work/frames.jsonl'))).toBe(true);
    await first!.close({}, { complete: false, fps: 30 });
    expect(readdirSync(join(root, 'a/.sextant-work'))).toEqual(['frames.jsonl']);
    await (await open('a'))!.abandon();
    expect(readdirSync(join(root, 'a/.sextant-work'))).toEqual(['frames.jsonl']);
    expect(await (await open('a'))!.close({}, { complete: true, fps: 30 })).toBe(true);
    expect(await open('a')).toBeUndefined();
    expect(readdirSync(join(root, 'a'))).toEqual(['manifest.json']);
  });

  it('leaves a folder in which nothing was written to another clip, and one in which files are to its own', async () => {
    await (await open('d'))!.abandon();
    expect(readdirSync(join(root, 'd'))).toEqual([]);
    const failed = (await open('d', { command: 'estimate' }))!;
    mkdirSync(join(root, 'd/depth'));
    await failed.abandon();
    expect(readdirSync(join(root, 'd/.sextant-work'))).toEqual(['frames.jsonl']);
    const next = (await open('d', { command: 'estimate' }))!;
    await failed.abandon();
    expect(readdirSync(join(root, 'd/.sextant-work')).sort()).toEqual(['frames.jsonl', 'lock']);
    await next.abandon();
  });

  it('says what a clip was made with, and what is asked for', async () => {
    await (await open('c', { command: 'world', frames: 6, scene: null, sourceFiles: ['x'] }))!.close({}, { complete: true, fps: 30 });
    await expect(open('c', { command: 'world', frames: 8, scene: 'indoor', sourceFiles: ['y'] })).rejects.toMatchObject({
      message: `${join(root, 'c')} holds the results of something else: it was made with frames 6, 8 is asked for; it was made with scene none, indoor is asked for; another sourceFiles`,
    });
  });

  it('keeps no lock where it refuses a folder', async () => {
    await (await open('b'))!.close({}, { complete: true, fps: 30 });
    await expect(open('b', { command: 'estimate' })).rejects.toMatchObject({ code: 'bad-argument' });
    expect(readdirSync(join(root, 'b'))).toEqual(['manifest.json']);
  });
});
