import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { count, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { hasFfmpeg } from '../test/ffmpeg.js';
import { avi, jpeg, png, scratch, writeY4m } from '../test/media.js';
import { openSource } from './open-source.js';
import { probeSource } from './probe-source.js';

const root = scratch();
const realtime = false;

describe('openSource and probeSource', () => {
  it('play and describe a folder, as such or by dir:', async () => {
    const path = join(root, 'shots');
    await mkdir(path);
    for (const i of [1, 2, 3]) await writeFile(join(path, `${i}.png`), await png(6, 4, [i, i, i]));
    for (const spec of [path, `dir:${path}`]) {
      expect((await lastValueFrom(openSource(spec, { realtime, rate: 5 }).pipe(toArray()))).map((f) => f.stamp / 1_000_000n)).toEqual([0n, 200n, 400n]);
      expect(await probeSource(spec, { rate: 5 })).toEqual({ kind: 'pictures', live: false, width: 6, height: 4, fps: 5, frames: 3 });
    }
    expect((await firstValueFrom(openSource(join(path, '2.png'), { realtime }))).rgb[0]).toBe(2);
  });

  it('play and describe videos that need no ffmpeg', async () => {
    const [y4m, mjpeg, aviPath] = ['a.y4m', 'a.mjpeg', 'a.avi'].map((name) => join(root, name));
    const picture = await jpeg(48, 32, [90, 90, 90]);
    await writeY4m(y4m, 'YUV4MPEG2 W4 H2 F25:1', [Buffer.alloc(12, 128), Buffer.alloc(12, 128)]);
    await writeFile(mjpeg, Buffer.concat([picture, picture]));
    await writeFile(aviPath, avi(48, 32, 20, [picture, picture]));
    const noTool = { realtime, ffmpeg: join(root, 'no-ffmpeg') };
    for (const path of [y4m, mjpeg, aviPath]) expect(await lastValueFrom(openSource(path, noTool).pipe(count()))).toBe(2);
    expect(await probeSource(y4m, noTool)).toEqual({ kind: 'video', live: false, width: 4, height: 2, fps: 25, frames: 2, codec: 'y4m' });
    expect(await probeSource(mjpeg, noTool)).toEqual({ kind: 'video', live: false, width: 48, height: 32, codec: 'mjpeg' });
    expect(await probeSource(aviPath, noTool)).toEqual({ kind: 'video', live: false, width: 48, height: 32, fps: 20, frames: 2, codec: 'mjpeg' });
  });

  it('say what is not there', async () => {
    await expect(firstValueFrom(openSource(join(root, 'nowhere')))).rejects.toMatchObject({ code: 'source-missing' });
    await expect(probeSource(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'source-missing' });
    await expect(firstValueFrom(openSource('clip.mp4', { calibration: join(root, 'none.yaml') }))).rejects.toMatchObject({ code: 'source-missing' });
    expect(() => openSource('clip.mp4', { rate: -1 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });

  const clips = join(import.meta.dirname, '../../../../shared/data/clips');
  const why = !existsSync(clips) ? ' (skipped: no shared/data/clips beside the checkout)' : !hasFfmpeg ? ' (skipped: ffmpeg is not installed)' : '';
  (why === '' ? it : it.skip)(`agree about real clips${why}`, async () => {
    const names = readdirSync(clips).filter((name) => name.endsWith('.mp4')).sort().filter((_, i) => i % 18 === 0);
    for (const name of names) {
      const path = join(clips, name);
      const info = await probeSource(path);
      let frames = 0;
      let last = -1n;
      await openSource(path, { realtime }).forEach((frame) => {
        expect([frame.width, frame.height, frame.rgb.length]).toEqual([info.width, info.height, info.width! * info.height! * 3]);
        expect(frame.stamp).toBeGreaterThan(last);
        expect(frame.sequence).toBe(frames);
        last = frame.stamp;
        frames += 1;
      });
      expect([name, frames]).toEqual([name, info.frames]);
    }
  }, 60_000);
});
