import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from './claim-folder.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-claim-'));
afterAll(() => rm(root, { recursive: true }));

/** A folder with these files in it. */
function folder(name: string, files: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(root, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}
const clip = (identity: object, more: object = {}): string => JSON.stringify({ complete: true, identity, ...more });

describe('claimFolder', () => {
  it('takes a new folder, an empty one, and one of other files, which stay', async () => {
    expect(await claimFolder(join(root, 'new/er'))).toBeUndefined();
    const path = folder('notes', { 'notes.txt': 'x', 'clip.mov': 'x' });
    for (const overwrite of [false, true]) expect(await claimFolder(path, { overwrite })).toBeUndefined();
    expect(readdirSync(path).sort()).toEqual(['clip.mov', 'notes.txt']);
    mkdirSync(join(folder('killed'), '.sextant-work'));
    expect(await claimFolder(join(root, 'killed'))).toBeUndefined();
  });

  it('says what clip is there, and deletes that and nothing else to overwrite it', async () => {
    const path = folder('ours', { 'manifest.json': clip({ command: 'world' }), 'depth/000000.png': 'x', 'notes.txt': 'x', '.sextant-work/frames.jsonl': '' });
    expect(await claimFolder(path)).toEqual({ complete: true, identity: { command: 'world' } });
    expect(await claimFolder(path, { overwrite: true })).toBeUndefined();
    expect(readdirSync(path)).toEqual(['notes.txt']);
    const begun = folder('begun', { '.sextant-work/frames.jsonl': '{"identity":{}}\n', 'depth/000000.png': 'x' });
    expect(await claimFolder(begun)).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['a recording', { 'rgb/0000.png': 'x', 'depth/000000.png': 'x' }],
    ['a manifest of something else', { 'manifest.json': '{"name": "app"}' }],
    ['a manifest that is no JSON', { 'manifest.json': 'CACHE MANIFEST' }],
    ['a data set', { 'manifest.json': clip({ command: 'dataset' }, { kind: 'dataset' }) }],
    ['a data set under way', { '.sextant-work/clips.jsonl': '{}\n' }],
  ])('keeps %s, with overwrite too', async (name, files) => {
    const path = folder(name, files);
    for (const overwrite of [false, true]) {
      await expect(claimFolder(path, { overwrite })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('no clip that sextant has begun'), hint: expect.not.stringContaining('overwrite') });
    }
    for (const file of Object.keys(files)) expect(existsSync(join(path, file))).toBe(true);
  });

  it('keeps what is read, in its own clip too, however the path is written', async () => {
    const path = folder('read', { 'manifest.json': clip({}), 'rgb/000000.png': 'x' });
    symlinkSync(path, join(root, 'link'));
    for (const source of [join(path, 'rgb'), join(path, 'rgb/000000.png'), join(root, 'link/rgb'), join(root, 'other/../read/rgb'), join(root, 'link/depth')]) {
      await expect(claimFolder(path, { overwrite: true, sources: [source] })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining(`${source} is read, and lies where ${path} is written`), hint: expect.stringContaining('--out') });
    }
    expect(existsSync(join(path, 'rgb/000000.png'))).toBe(true);
    expect(await claimFolder(path, { sources: [root, path, join(path, 'rgbd'), join(root, 'depth')] })).toBeDefined();
  });
});
