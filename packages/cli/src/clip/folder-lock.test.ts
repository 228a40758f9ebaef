import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLock, clearWork } from './folder-lock.js';

const root = mkdtempSync(join(tmpdir(), 'sextant-lock-'));
afterAll(() => rm(root, { recursive: true }));

/** A folder with a lock that another call has left. */
function locked(name: string, text: string): string {
  mkdirSync(join(root, name, '.sextant-work'), { recursive: true });
  writeFileSync(join(root, name, '.sextant-work/lock'), text);
  return join(root, name);
}
const by = (pid: number, host = hostname()): string => JSON.stringify({ pid, host });

describe('FolderLock', () => {
  it('is one call\'s at a time, and leaves nothing behind', async () => {
    const path = join(root, 'a/b');
    const lock = await FolderLock.take(path);
    expect(JSON.parse(readFileSync(join(path, '.sextant-work/lock'), 'utf8'))).toEqual({ pid: process.pid, host: hostname() });
    await expect(FolderLock.take(path)).rejects.toMatchObject({ code: 'bad-argument', message: `${path}: another sextant (pid ${process.pid}) is writing there`, hint: expect.stringContaining(join(path, '.sextant-work/lock')) });
    await lock.release();
    expect(readdirSync(path)).toEqual([]);
    const next = await FolderLock.take(path);
    await lock.release(); // given back already: it takes nobody else's
    await expect(FolderLock.take(path)).rejects.toMatchObject({ code: 'bad-argument' });
    await next.release();
  });

  it('is kept for a process that runs, and for one of another host', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await expect(FolderLock.take(locked('runs', by(other.pid!)))).rejects.toMatchObject({ message: expect.stringContaining(`another sextant (pid ${other.pid}) is writing there`) });
    } finally {
      other.kill();
    }
    await expect(FolderLock.take(locked('far', by(7, 'elsewhere')))).rejects.toMatchObject({ message: expect.stringContaining('(pid 7 on elsewhere)') });
  });

  it.each([
    ['a process that was killed', by(spawnSync(process.execPath, ['-e', '']).pid)],
    ['a process of the same number, in a container that was started again', by(process.pid)],
    ['a file that was cut off', ''],
  ])('is taken over from %s', async (_, text) => {
    const lock = await FolderLock.take(locked('left', text));
    expect(JSON.parse(readFileSync(join(root, 'left/.sextant-work/lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(existsSync(join(root, 'left/.sextant-work'))).toBe(false);
  });

  it('stays where the work files are deleted, and goes without them', async () => {
    const lock = await FolderLock.take(join(root, 'work'));
    mkdirSync(join(root, 'work/.sextant-work/making'));
    await clearWork(join(root, 'work'));
    expect(readdirSync(join(root, 'work/.sextant-work'))).toEqual(['lock']);
    writeFileSync(join(root, 'work/.sextant-work/frames.jsonl'), '');
    await lock.release();
    expect(readdirSync(join(root, 'work/.sextant-work'))).toEqual(['frames.jsonl']);
    await clearWork(join(root, 'nowhere'));
  });
});
