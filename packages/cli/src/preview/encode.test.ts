import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { encodePreview } from './encode.js';

const folder = mkdtempSync(join(tmpdir(), 'sextant-preview-'));
const before = process.env.SEXTANT_FFMPEG;
afterEach(async () => {
  if (before === undefined) delete process.env.SEXTANT_FFMPEG;
  else process.env.SEXTANT_FFMPEG = before;
  await rm(folder, { recursive: true, force: true });
});

/** An executable in the place of ffmpeg. */
async function script(path: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

describe('encodePreview', () => {
  it('makes a contact sheet of at most 12 pictures, first and last among them, where there is no ffmpeg', async () => {
    process.env.SEXTANT_FFMPEG = join(folder, 'no-such-ffmpeg');
    await mkdir(join(folder, 'pictures'), { recursive: true });
    for (let i = 0; i < 20; i += 1) {
      const jpeg = await sharp({ create: { width: 16, height: 8, channels: 3, background: { r: i * 12, g: 0, b: 0 } } }).jpeg({ quality: 100 }).toBuffer();
      await writeFile(join(folder, 'pictures', `${String(i).padStart(6, '0')}.jpg`), jpeg);
    }
    const path = await encodePreview(join(folder, 'pictures'), join(folder, 'preview'), 10);
    expect(path).toBe(join(folder, 'preview.png'));
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([32, 48]);
    expect(data[0]).toBeLessThan(12);
    expect(data.at(-3)).toBeGreaterThan(216);
  });

  it('gives ffmpeg whole paths: a folder that is called by a time is no protocol', async () => {
    process.env.SEXTANT_FFMPEG = await script(join(folder, 'ffmpeg'), `echo "$@" > ${join(folder, 'told')}; for last; do :; done; touch "$last"`);
    await mkdir(join(folder, '14:27'), { recursive: true });
    await writeFile(join(folder, '14:27/000000.jpg'), 'x');
    const cwd = process.cwd();
    process.chdir(folder);
    try {
      expect(await encodePreview('14:27', '14:27/preview', 10)).toBe('14:27/preview.mp4');
    } finally {
      process.chdir(cwd);
    }
    expect((await readFile(join(folder, 'told'), 'utf8')).split(' ').filter((word) => word.includes('14:27'))).toEqual([expect.stringMatching(/^\//), expect.stringMatching(/^\//)]);
  });

  it('leaves nothing where it is stopped', async () => {
    await mkdir(join(folder, 'pictures'), { recursive: true });
    await writeFile(join(folder, 'pictures/000000.jpg'), 'x');
    const started = join(folder, 'started');
    process.env.SEXTANT_FFMPEG = await script(join(folder, 'ffmpeg'), `touch ${started}; exec sleep 60`);
    const stop = new AbortController();
    const made = encodePreview(join(folder, 'pictures'), join(folder, 'preview'), 10, stop.signal);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await made).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(['ffmpeg', 'pictures', 'started']);
  });

  it('makes nothing of nothing', async () => {
    expect(await encodePreview(join(folder, 'none'), join(folder, 'preview'), 10)).toBeUndefined();
  });
});
