import { access, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SextantError } from '@sextant/core';
import { jsonText } from './json-text.js';

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Choose a folder you may write to.',
  EPERM: 'Choose a folder you may write to.',
  EROFS: 'The file system is read-only: choose another folder.',
  ENOTDIR: 'A part of the path is a file: choose another folder.',
  EEXIST: 'A part of the path is a file: choose another folder.',
  ENOENT: 'A part of the path is gone, or no folder can be made there, as in /proc: choose another folder.',
  ENOSPC: 'The disk is full: free some space and run the same command again, it goes on where it stopped.',
};

/** The error for a path the operating system refused. */
export function writeError(path: string, cause: unknown): SextantError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new SextantError('io', `cannot write ${path}: ${message}`, { hint: HINTS[code] ?? 'See the system message.', details: { path, code }, cause });
}

/** Makes a folder and those above it. @throws SextantError `io`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeMissing(path);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Makes a folder that files can be written to, before work whose results go there. @throws SextantError `io`. */
export async function checkWritable(path: string): Promise<void> {
  await makeFolder(path);
  await access(path, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw writeError(path, cause);
  });
}

/** One folder after the other: where mkdir says ENOENT below a folder that is there, as /proc does, Node's recursive one tries for ever. */
async function makeMissing(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeMissing(dirname(path));
  try {
    await mkdir(path);
  } catch (cause) {
    if (!(await isFolder(path))) throw cause; // another call may have made it meanwhile
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false);
}

/**
 * Writes a file so that it is whole or not there: under another name in the same folder, then renamed. Makes the folder.
 * @param data what it holds, or the pieces of that in order
 * @throws SextantError `io`.
 */
export async function writeWhole(path: string, data: Uint8Array | string | Iterable<string>): Promise<void> {
  const part = `${path}.part`;
  await makeFolder(dirname(path));
  try {
    await writeFile(part, data);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {});
    throw writeError(path, cause);
  }
}

/** `writeWhole` of a value as indented JSON; bigint becomes a number. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, jsonText(value));
}
