import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SHOWN, SHOWN_TRAINED, readLicences } from './clip-pictures.js';
import { CLIPS } from './steady-clips.js';

describe('the clips that are measured and shown', () => {
  it('are none that training uses', async () => {
    const python = await readFile(new URL('../../../../training/real_clips.py', import.meta.url), 'utf8');
    const trained = Array.from(python.matchAll(/Clip\('(\w+)'/g), ([, name]) => name);
    expect(trained).toEqual(expect.arrayContaining(['sam2_bedroom', 'sam2_coffee', 'moviepy_failaudio', 'toc_veh']));
    expect([...CLIPS, ...SHOWN].filter((name) => trained.includes(name) || name.startsWith('intel_asl_'))).toEqual([]);
    expect(SHOWN_TRAINED.filter((name) => !trained.includes(name))).toEqual([]); // their captions say so
  });
});

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
