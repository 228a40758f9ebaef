import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file with its size and hash. */
export interface HashedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** All files of a folder and those below it, by name. */
export async function hashFiles(folder: string): Promise<HashedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/')).sort();
  const files: HashedFile[] = [];
  for (const path of paths) {
    const bytes = await readFile(join(folder, path));
    files.push({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return files;
}

/** One hash for a clip's pictures and labels: not of previews, which depend on the machine's ffmpeg, nor of the clip's own manifest. */
export function clipHash(files: readonly HashedFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) if (!/^(preview\.\w+|manifest\.json)$/.test(path)) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
}
