import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SextantError } from '@sextant/core';
import { FolderLock, WORK, clearWork } from '../clip/folder-lock.js';
import { Journal } from '../clip/journal.js';
import type { ClipResult } from './clip-record.js';
import { journalFile } from './work-files.js';

/** How a data set's folder is opened. */
export interface DatasetOptions {
  /** What must be the same to go on. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly resume: boolean;
  readonly overwrite: boolean;
}

/** Files and folders of a data set beside those of its clips. */
const OWN = ['annotations', 'manifest.json', 'recipe.yaml', 'ATTRIBUTION.txt', 'SHA256SUMS'] as const;

interface There {
  readonly kind?: unknown;
  readonly complete?: boolean;
  readonly identity?: unknown;
  readonly counts?: { readonly missing: number; readonly clips: number };
}

/** The folder of a data set: what is done is kept, clip by clip. */
export class DatasetFolder {
  private constructor(readonly path: string, private readonly journal: Journal<ClipResult>, private readonly lock: FolderLock) {}

  /**
   * Opens or begins a folder; returns the counts of one that is complete already.
   * @throws SextantError `bad-argument` where it holds something else, or an unfinished data set and `resume` was not given, and where another call is writing there; `io`.
   */
  static async open(path: string, options: DatasetOptions): Promise<DatasetFolder | NonNullable<There['counts']>> {
    return FolderLock.around(path, (lock) => DatasetFolder.#begin(path, options, lock), (folder) => folder instanceof DatasetFolder);
  }

  static async #begin(path: string, { identity, resume, overwrite }: DatasetOptions, lock: FolderLock): Promise<DatasetFolder | NonNullable<There['counts']>> {
    const there = await readFile(join(path, 'manifest.json'), 'utf8').then((text) => JSON.parse(text) as There, () => undefined);
    const begun = await readFile(journalFile(path), 'utf8').then((text) => head(text), () => undefined);
    const replaced = overwrite && (there?.kind === 'dataset' || begun) ? [...OWN, ...foldersOf(there?.identity ?? begun?.identity)] : [];
    if (replaced.length === 0 && (there ?? begun)) {
      const known = there?.kind === 'dataset' ? there.identity : begun?.identity;
      if (!isDeepStrictEqual(known, identity)) {
        throw new SextantError('bad-argument', `${path} holds ${known === undefined ? 'something that is no data set' : 'the data set of another recipe (or of another version, model or folder of assets)'}`, { hint: `Choose another folder${known === undefined ? '.' : ', or give --overwrite to delete that data set.'}`, details: { path, there: known, wanted: identity } });
      }
      if (there?.complete === true) {
        await clearWork(path); // where the call was killed at the very end
        return there.counts!;
      }
      if (!resume) throw new SextantError('bad-argument', `${path} holds an unfinished data set of this recipe`, { hint: 'Give --resume to go on with it, or --overwrite to begin anew.', details: { path } });
    }
    const found = overwrite || !(there ?? begun) ? (await readdir(path)).filter((name) => name !== WORK && !replaced.includes(name)) : [];
    if (found.length > 0) {
      const others = `${found.slice(0, 3).join(', ')}${found.length > 3 ? ', ...' : ''}`;
      throw replaced.length > 0
        ? new SextantError('bad-argument', `${path} holds something else beside its data set: ${others}`, { hint: 'Move that away, or choose another folder.', details: { path, found } })
        : new SextantError('bad-argument', `${path} is not empty, and holds no data set: ${others}`, { hint: 'Choose an empty or a new folder.', details: { path, found } });
    }
    for (const name of replaced) await rm(join(path, name), { recursive: true, force: true });
    if (replaced.length > 0) await clearWork(path);
    return new DatasetFolder(path, await Journal.open<ClipResult>(journalFile(path), { identity }), lock);
  }

  /** What is done, also by earlier calls. */
  get results(): readonly ClipResult[] {
    return this.journal.frames;
  }

  /** Notes a clip as done: its files are in their place. */
  async add(result: ClipResult): Promise<void> {
    await this.journal.add(result);
  }

  async close(complete: boolean): Promise<void> {
    await this.journal.close();
    if (complete) await clearWork(this.path);
    await this.lock.release();
  }
}

/** The folders that hold the clips of the data set with this identity, which may come from anywhere: what no split can be called is none of them. */
function foldersOf(identity: unknown): string[] {
  const { recipe } = (identity ?? {}) as { readonly recipe?: { readonly layout?: string; readonly splits?: object } };
  return recipe?.layout === 'flat' ? ['clips'] : Object.keys(recipe?.splits ?? { all: 1 }).filter((name) => /^[\w-]+$/.test(name));
}

/** The first line of a journal; `undefined` where it was cut off. */
function head(text: string): { readonly identity?: unknown } | undefined {
  try {
    return JSON.parse(text.split('\n')[0]) as { readonly identity?: unknown };
  } catch {
    return undefined;
  }
}
