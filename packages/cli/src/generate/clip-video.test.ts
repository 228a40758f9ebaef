import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { encodeClip } from './clip-video.js';

const before = { ffmpeg: process.env.SEXTANT_FFMPEG, cwd: process.cwd() };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-clip-'));
});
afterEach(async () => {
  process.chdir(before.cwd);
  if (before.ffmpeg === undefined) delete process.env.SEXTANT_FFMPEG;
  else process.env.SEXTANT_FFMPEG = before.ffmpeg;
  await rm(folder, { recursive: true, force: true });
});

it('gives ffmpeg whole paths: a folder that is called by a time is no protocol', async () => {
  process.env.SEXTANT_FFMPEG = join(folder, 'ffmpeg');
  await writeFile(process.env.SEXTANT_FFMPEG, `#!/bin/sh\necho "$@" > ${join(folder, 'told')}; for last; do :; done; touch "$last"\n`, { mode: 0o755 });
  await mkdir(join(folder, '14:27'));
  process.chdir(folder);
  expect(await encodeClip('14:27', 10, new AbortController().signal)).toBe(true);
  const paths = (await readFile(join(folder, 'told'), 'utf8')).trim().split(' ').filter((word) => word.includes('14:27'));
  expect(paths).toEqual([expect.stringMatching(/^\/.*%06d\.png$/), expect.stringMatching(/^\/.*clip\.mp4\.part$/)]);
});
