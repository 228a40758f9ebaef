import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { SextantError } from '@sextant/core';

/**
 * What `read` makes of a file or folder of the assets.
 * @throws SextantError `source-missing` where nothing can be read at `path`, `source-corrupt` where `read` fails with what is there.
 */
export async function readAsset<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new SextantError('source-missing', `cannot read ${path}: ${(cause as Error).message}`, { hint: 'The assets folder is incomplete; see its README.md.', details: { path }, cause });
  });
  return read(path).catch((cause: unknown) => {
    if (SextantError.isInstance(cause)) throw cause;
    throw new SextantError('source-corrupt', `${path} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Fetch the assets again.', details: { path }, cause });
  });
}
