import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readLicences } from './clip-pictures.js';

describe('readLicences', () => {
  it('reads names and licences between quoted cells with commas, and nothing where there is no index', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-clips-'));
    try {
      const path = join(folder, 'index.csv');
      expect((await readLicences(path)).size).toBe(0);
      await writeFile(path, 'name,repo,path,licence\na,x/y,"folder/ (1.jpg, 2.jpg)",MIT\nb,x/z,,"own, ""as is"""\r\n');
      expect([...(await readLicences(path))]).toEqual([['a', 'MIT'], ['b', 'own, "as is"']]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
