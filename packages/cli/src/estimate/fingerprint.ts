import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwn } from '../clip/claim-folder.js';

/** What tells one state of a source from another without reading it: of a file its size in bytes and its time, of a folder how many files, and a hash of their names and sizes. */
export type Fingerprint = { readonly bytes: number; readonly changedMs: number } | { readonly files: number; readonly sha256: string };

/**
 * The fingerprint of a source's file or folder; `null` where there is none (a simulated camera), or it cannot be read. What a clip folder holds does not count, so that
 * pictures may lie in the folder that their maps are written to.
 */
export async function fingerprint(path: string | undefined): Promise<Fingerprint | null> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || found === undefined) return null;
  if (!found.isDirectory()) return { bytes: found.size, changedMs: found.mtimeMs };
  const names = (await readdir(path)).filter((name) => !isOwn(name)).sort();
  const hash = createHash('sha256');
  let files = 0;
  for (const name of names) {
    const file = await stat(join(path, name)).catch(() => undefined);
    if (file === undefined || file.isDirectory()) continue;
    files += 1;
    hash.update(`${name} ${file.size}\n`);
  }
  return { files, sha256: hash.digest('hex') };
}

/** SHA-256 of a file; `null` for none, or one that cannot be read (whoever needs it says so). */
export async function fileSha256(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  return readFile(path).then((bytes) => createHash('sha256').update(bytes).digest('hex'), () => null);
}
