import { existsSync } from 'node:fs';
import { readFile, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MODALITIES, SextantError } from '@sextant/core';
import { codedFolder } from '../files/coded-folder.js';
import { makeFolder } from '../files/write-whole.js';
import { LOCK, WORK, clearWork } from './folder-lock.js';

/** Everything a clip folder may hold; `overwrite` deletes these and nothing else. */
const OWN: readonly string[] = [
  'depth', 'flow', 'segmentation', 'instances', 'classes.json', 'skeleton', 'densepose', 'rgb', 'preview.mp4', 'preview.png', 'manifest.json',
  'referred', 'poses.json', 'camera_info.yaml', 'captions.json', 'clip.mp4', 'agreement.json', 'now.png', ...MODALITIES.map(codedFolder), WORK,
];

/** Whether a file or folder of a clip folder may be a clip's. */
export const isOwn = (name: string): boolean => OWN.includes(name);

/** How a folder is taken. */
export interface ClaimOptions {
  /** Delete what an earlier call left there. @default false */
  readonly overwrite?: boolean | undefined;
  /** Files and folders that are read, there already or not: nothing is written over them. */
  readonly sources?: readonly string[] | undefined;
}

/** What an earlier call says of the clip in a folder. */
export interface ClipManifest {
  readonly complete?: boolean;
  readonly identity: object;
  /** Frames that are made. */
  readonly frames?: readonly { readonly index: number; readonly sha256?: string; readonly conditionSha256?: string }[];
}

/** The list of frames that are done of a clip that is not complete. */
export const framesFile = (path: string): string => join(path, WORK, 'frames.jsonl');

/**
 * Takes a folder for a clip, made where it is not there; returns the manifest of the clip that it holds. With `overwrite` that clip is deleted.
 * @throws SextantError `bad-argument` where it holds files under our names that are of no clip of ours (also with `overwrite`), and where a source lies in what is written; `io`.
 */
export async function claimFolder(path: string, { overwrite = false, sources = [] }: ClaimOptions = {}): Promise<ClipManifest | undefined> {
  await makeFolder(path);
  for (const source of sources) await refuseSource(path, source);
  const manifest = await clipManifest(path);
  const begun = existsSync(framesFile(path));
  if (manifest === undefined && !begun) {
    const found = await ownThere(path, [LOCK]);
    if (found.length === 0) return undefined;
    throw new SextantError('bad-argument', `${path} holds ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', ...' : ''}, and no clip that sextant has begun there`, { hint: 'Choose an empty or a new folder: these would be replaced.', details: { path, found } });
  }
  if (!overwrite) return manifest;
  for (const name of OWN) await (name === WORK ? clearWork(path) : rm(join(path, name), { recursive: true, force: true }));
  return undefined;
}

/** The manifest of the clip in a folder; `undefined` where there is none. */
export function clipManifest(path: string): Promise<ClipManifest | undefined> {
  return readFile(join(path, 'manifest.json'), 'utf8').then(asClip, () => undefined);
}

/** A clip's manifest; `undefined` for what is none, as a data set's, or one clip's of a data set. */
function asClip(text: string): ClipManifest | undefined {
  try {
    const value = JSON.parse(text) as { readonly kind?: unknown; readonly identity?: unknown } | null;
    return typeof value?.identity === 'object' && value.identity !== null && value.kind !== 'dataset' ? (value as ClipManifest) : undefined;
  } catch {
    return undefined;
  }
}

/** Deletes the list of frames that are done of a clip of which nothing else is there: of a call that failed before its first frame. */
export async function forgetBegun(path: string): Promise<void> {
  const file = framesFile(path);
  if ((await ownThere(path, [LOCK, basename(file)])).length === 0) await rm(file, { force: true });
}

/** What a folder holds under our names. A work folder with nothing in it but `uncounted` does not count: a lock is what a call leaves that was killed as it began. */
async function ownThere(path: string, uncounted: readonly string[]): Promise<string[]> {
  const isThere = async (name: string): Promise<boolean> => {
    if (name !== WORK) return existsSync(join(path, name));
    return readdir(join(path, name)).then((names) => names.some((file) => !uncounted.includes(file)), () => false);
  };
  return (await Promise.all(OWN.map(async (name) => ((await isThere(name)) ? [name] : [])))).flat();
}

async function refuseSource(path: string, source: string): Promise<void> {
  for (const name of OWN) {
    const written = join(path, name);
    if (!isWithin(resolve(source), resolve(written)) && !isWithin(await real(source), await real(written))) continue;
    throw new SextantError('bad-argument', `${source} is read, and lies where ${path} is written: in its ${name}`, { hint: 'Choose another folder for --out: what is read would be replaced.', details: { path, source, name } });
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path without symbolic links, as far as it exists. */
async function real(path: string): Promise<string> {
  const whole = resolve(path);
  return realpath(whole).catch(async () => (dirname(whole) === whole ? whole : join(await real(dirname(whole)), basename(whole))));
}
