import { rmSync } from 'node:fs';
import { readFile, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SextantError } from '@sextant/core';
import { makeFolder, writeError } from '../files/write-whole.js';

/** Where files that only a later call needs are kept until a clip, or a data set, is complete. */
export const WORK = '.sextant-work';

/** The name of the lock within the work folder. */
export const LOCK = 'lock';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** How long the holder may take to write who it is after it made the file, milliseconds. */
const WRITING_MS = 200;

/** Locks of this process; those that are left when it ends are deleted then, so that none stays behind after a second Ctrl-C. */
const held = new Set<string>();
process.on('exit', () => {
  for (const file of held) rmSync(file, { force: true });
});

/** Keeps a folder for one call: two that write the same files would spoil each other's. */
export class FolderLock {
  #released = false;

  private constructor(private readonly path: string, private readonly file: string) {}

  /**
   * Takes the lock of a folder, which is made where it is not there. One whose process has ended (killed, power lost) is taken over.
   * @throws SextantError `bad-argument` where another call holds it, `io`.
   */
  static async take(path: string): Promise<FolderLock> {
    const work = resolve(path, WORK);
    const file = join(work, LOCK);
    for (;;) {
      await makeFolder(work);
      try {
        await writeFile(file, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder), { flag: 'wx' });
        held.add(file);
        return new FolderLock(path, file);
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code === 'ENOENT') continue; // a call that ended took the work folder away
        if (code !== 'EEXIST') throw writeError(file, cause);
      }
      const holder = await holderOf(file);
      if (holder !== undefined && isAlive(holder, file)) throw inUse(path, file, holder);
      await rm(file, { force: true }).catch((cause: unknown) => {
        throw writeError(file, cause);
      });
    }
  }

  /**
   * What `begin` gives in a folder whose lock was taken for it. The folder is given back then, and where `begin` fails, but not where
   * `goesOn` says that the result still writes there: that one gives it back.
   * @throws SextantError as `take`, and what `begin` throws.
   */
  static async around<T>(path: string, begin: (lock: FolderLock) => Promise<T>, goesOn: (result: T) => boolean): Promise<T> {
    const lock = await FolderLock.take(path);
    let kept = false;
    try {
      const result = await begin(lock);
      kept = goesOn(result);
      return result;
    } finally {
      if (!kept) await lock.release();
    }
  }

  /** Gives the folder back; a work folder that has nothing else in it goes too. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await rm(this.file, { force: true });
    held.delete(this.file);
    await dropEmpty(this.path);
  }
}

/** Deletes all work files of a folder but its lock, and the work folder where there is none. */
export async function clearWork(path: string): Promise<void> {
  const names = await readdir(join(path, WORK)).catch(() => []);
  for (const name of names) if (name !== LOCK) await rm(join(path, WORK, name), { recursive: true, force: true });
  await dropEmpty(path);
}

/** Deletes the work folder, if nothing is in it. */
async function dropEmpty(path: string): Promise<void> {
  await rmdir(join(path, WORK)).catch(() => {});
}

/** Who holds a lock; `undefined` where nobody does any more, or its file was cut off when power was lost. */
async function holderOf(file: string): Promise<Holder | undefined> {
  const read = async (): Promise<Holder | undefined> => readFile(file, 'utf8').then((text) => JSON.parse(text) as Holder).catch(() => undefined);
  return (await read()) ?? (await sleep(WRITING_MS).then(read));
}

/** Whether a holder still runs. Of another host nobody can tell: it counts as running. */
function isAlive({ pid, host }: Holder, file: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(file); // in a container that was started again the pids are the same
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

function inUse(path: string, file: string, { pid, host }: Holder): SextantError {
  return new SextantError('bad-argument', `${path}: another sextant (pid ${pid}${host === hostname() ? '' : ` on ${host}`}) is writing there`, {
    hint: `Wait until it ends, or choose another folder. If it runs no more, delete ${file}.`,
    details: { path, pid, host },
  });
}
