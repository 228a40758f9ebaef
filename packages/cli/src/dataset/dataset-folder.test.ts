import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetFolder } from './dataset-folder.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-dataset-'));
afterAll(() => rm(root, { recursive: true }));

const identity = (clips: number, splits: object = { train: 1 }): Readonly<Record<string, unknown>> => ({ recipe: { clips, layout: 'split', splits } });
const open = (path: string, who = identity(1), more: { resume?: boolean; overwrite?: boolean } = {}) => DatasetFolder.open(join(root, path), { identity: who, resume: false, overwrite: false, ...more });
async function begin(path: string, who = identity(1)): Promise<DatasetFolder> {
  const folder = await open(path, who);
  if (!(folder instanceof DatasetFolder)) throw new Error('it is complete');
  return folder;
}
const write = (path: string, name: string, value: unknown): void => {
  mkdirSync(join(root, path, name, '..'), { recursive: true });
  writeFileSync(join(root, path, name), JSON.stringify(value));
};

describe('DatasetFolder', () => {
  it('goes on with what is done, when it is told to', async () => {
    const first = await begin('a');
    await first.add({ index: 3, rejected: [] });
    await first.close(false);
    await expect(open('a')).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('unfinished'), hint: expect.stringContaining('--resume') });
    const again = (await open('a', identity(1), { resume: true })) as DatasetFolder;
    expect(again.results).toEqual([{ index: 3, rejected: [] }]);
    await again.close(true);
    expect(readdirSync(join(root, 'a'))).toEqual([]);
  });

  it('is one call\'s at a time: a second one writes and deletes nothing', async () => {
    const first = await begin('g');
    write('g', '.sextant-work/coco/000000.jsonl', []);
    for (const more of [{}, { resume: true }, { overwrite: true }]) await expect(open('g', identity(1), more)).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining(`another sextant (pid ${process.pid}) is writing there`) });
    expect(existsSync(join(root, 'g/.sextant-work/coco/000000.jsonl'))).toBe(true);
    await first.close(false);
    const again = (await open('g', identity(1), { resume: true })) as DatasetFolder;
    await again.close(true);
    expect(readdirSync(join(root, 'g'))).toEqual([]);
  });

  it('says what a complete one holds, and takes away what a kill at the very end has left', async () => {
    await (await begin('b')).close(false);
    write('b', 'manifest.json', { kind: 'dataset', complete: true, identity: identity(1), counts: { clips: 1, missing: 0 } });
    expect(await open('b')).toMatchObject({ clips: 1, missing: 0 });
    expect(existsSync(join(root, 'b/.sextant-work'))).toBe(false);
  });

  it('touches neither another data set nor anything else', async () => {
    await (await begin('c')).close(false);
    await expect(open('c', identity(2), { resume: true })).rejects.toMatchObject({ message: expect.stringContaining('another recipe') });
    write('d', 'manifest.json', { complete: true, identity: { command: 'world' } });
    for (const overwrite of [false, true]) await expect(open('d', identity(1), { overwrite })).rejects.toMatchObject({ code: 'bad-argument' });
    write('e', 'notes.txt', 'x');
    for (const overwrite of [false, true]) await expect(open('e', identity(1), { overwrite })).rejects.toMatchObject({ message: expect.stringContaining('is not empty, and holds no data set: notes.txt') });
    expect(readdirSync(join(root, 'd'))).toEqual(['manifest.json']);
    expect(readdirSync(join(root, 'e'))).toEqual(['notes.txt']);
  });

  it('overwrites the folders of the data set that is there, whatever its splits are called', async () => {
    await (await begin('f', identity(5, { old: 1, older: 2 }))).close(false);
    write('f', 'old/000000/manifest.json', {});
    write('f', 'SHA256SUMS', '');
    const folder = (await open('f', identity(1), { overwrite: true })) as DatasetFolder;
    expect(readdirSync(join(root, 'f'))).toEqual(['.sextant-work']);
    await folder.close(false);
  });

  it('deletes nothing where other files lie beside the data set, and nothing outside', async () => {
    await (await begin('h')).close(false);
    write('h', 'train/000000/manifest.json', {});
    write('h', 'notes.txt', 'x');
    await expect(open('h', identity(1), { overwrite: true })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('beside its data set: notes.txt') });
    expect(readdirSync(join(root, 'h')).sort()).toEqual(['.sextant-work', 'notes.txt', 'train']);
    write('of another', 'notes.txt', 'x');
    await (await begin('i', identity(1, { train: 1, '../of another': 1 }))).close(false);
    await (await open('i', identity(1), { overwrite: true }) as DatasetFolder).close(false);
    expect(readdirSync(join(root, 'of another'))).toEqual(['notes.txt']);
  });
});
