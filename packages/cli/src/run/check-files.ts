import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseSourceSpec, probeSource, sourceFiles } from '@sextant/camera';
import { SextantError } from '@sextant/core';

/**
 * Looks at the files of a run before any is opened: the source must be there, and a recording must not be written over what it plays.
 * @throws SextantError as `sourceFiles`; with a recording also as `probeSource` for a bag, and `bad-argument` where it would go into its source.
 */
export async function checkFiles(source: string, record: string | undefined): Promise<void> {
  const spec = parseSourceSpec(source);
  const files = await sourceFiles(spec);
  if (record === undefined || files.length === 0) return;
  const bag = /\.mcap$/i.test(files[0]);
  if (bag) await probeSource(source); // a topic that is not there is found out before a recording of the same name is emptied
  const target = await identity(record);
  for (const file of target === undefined ? [] : files) {
    if (target === (await identity(file))) {
      throw new SextantError('bad-argument', `the recording ${record} would overwrite ${file}, which is being played`, { hint: 'Record to another file.', details: { record, file } });
    }
  }
  const folder = 'path' in spec && bag && spec.path !== files[0] ? spec.path : undefined;
  if (folder !== undefined && /\.mcap$/i.test(record) && (await place(dirname(record))) === (await place(folder))) {
    throw new SextantError('bad-argument', `the recording ${record} would become part of the bag ${folder}, which is being played`, { hint: 'Record to another folder.', details: { record, folder } });
  }
}

/** What is the same for two names of one file; undefined for a file that is not there. */
async function identity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined; // recording will say what it is about
  }
}

async function place(folder: string): Promise<string | undefined> {
  return realpath(folder).catch(() => undefined);
}
