import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './write-whole.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('makeFolder', () => {
  it('makes a folder and those above it, also for two callers at once', async () => {
    const path = join(root, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path)]);
    expect(statSync(path).isDirectory()).toBe(true);
    await makeFolder(path);
  });

  it('says which part of the path is a file', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(makeFolder(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(`mkdir '${file}'`), hint: expect.stringContaining('is a file') });
  });

  // Node's recursive mkdir never comes back from there.
  const inProc = existsSync('/proc/self') ? it : it.skip;
  inProc('refuses a folder where none can be made', async () => {
    const path = '/proc/sextant/out';
    await expect(makeFolder(path)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(`cannot write ${path}`), hint: expect.stringContaining('choose another folder'), details: { path } });
  });
});
