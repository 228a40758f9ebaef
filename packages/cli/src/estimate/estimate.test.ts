import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync } from 'node:fs';
import { cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { image, info, times, writeBag } from '../../../../test/support/bags.js';
import { Output } from '../cli/output.js';
import { estimateClip } from './estimate.js';
import { fingerprint } from './fingerprint.js';
import type { EstimateSettings } from './estimate.js';

jest.setTimeout(120_000);

const MODEL = fileURLToPath(new URL('../../../model/test/fixtures/tiny-unified', import.meta.url));
/** Two pictures of 36x24. */
const PICTURES = fileURLToPath(new URL('../../../synth/test/fixtures/clip/rgb', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sextant-estimate-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const quiet = Object.assign(new Output(true), { event: () => {} });
const run = (out: string, more: Partial<EstimateSettings>, signal = new AbortController().signal): Promise<number> =>
  estimateClip({ source: PICTURES, out, model: MODEL, device: 'cpu', modalities: ['depth'], ...more }, { output: quiet, signal, stoppedBy: () => undefined });

describe('estimateClip', () => {
  it('leaves a recording and its sensor\'s own depth alone', async () => {
    const recording = join(root, 'recording');
    await cp(PICTURES, join(recording, 'rgb'), { recursive: true });
    await mkdir(join(recording, 'depth'));
    for (const overwrite of [false, true]) {
      await expect(run(recording, { source: join(recording, 'rgb'), overwrite })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('is read, and lies where') });
      await expect(run(recording, { overwrite })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('holds depth, rgb, and no clip that sextant has begun there') });
    }
    expect(existsSync(join(recording, 'rgb/000000.png'))).toBe(true);
  });

  it('does not go on with another source or calibration under the same name', async () => {
    const [out, source, calibration] = [join(root, 'out'), join(root, 'pictures'), join(root, 'camera.yaml')];
    await cp(PICTURES, source, { recursive: true });
    await cp(join(PICTURES, '../camera_info.yaml'), calibration);
    const again = (): Promise<number> => run(out, { source, calibration });
    await again();
    await again();
    const text = await readFile(calibration, 'utf8');
    await writeFile(calibration, text.replace('30', '31'));
    await expect(again()).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('something else: another calibrationSha256') });
    await writeFile(calibration, text);
    await cp(join(source, '000000.png'), join(source, '000002.png'));
    await expect(again()).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('something else: another sourceFiles') });
  });
});

describe('estimateClip that fails before its first frame', () => {
  it.each(['ros:/camera/image_raw', 'rosbridge:/camera/image_raw', 'v4l2:', 'rtsp://host/x'])('refuses %s, which has no end, before the folder is made', async (source) => {
    const out = join(root, 'live');
    await expect(run(out, { source })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('does not take a live'), hint: expect.stringContaining('sextant run --record') });
    expect(existsSync(out)).toBe(false);
  });

  it('shows no password of a live camera that it refuses', async () => {
    await expect(run(join(root, 'live'), { source: 'rtsp://me:secret@host/x' })).rejects.toMatchObject({ code: 'bad-argument', message: 'estimate does not take a live camera (rtsp://me:***@host/x)' });
  });

  it('leaves the folder to another clip', async () => {
    const [out, source] = [join(root, 'failed'), join(root, 'broken.png')];
    await writeFile(source, 'no picture');
    await expect(run(out, { source })).rejects.toMatchObject({ code: 'source-corrupt' });
    expect(await run(out, {})).toBe(0);
  });
});

describe('estimateClip of a bag', () => {
  const manifest = async (out: string): Promise<unknown> => JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));

  it('notes its rate, and whether a lens was taken out', async () => {
    const [source, plain] = [join(root, 'lens.mcap'), join(root, 'plain.mcap')];
    await writeBag(source, times(2).flatMap((time, i) => [image(time, i), info(time)]));
    await writeBag(plain, times(2).map((time, i) => image(time, i)));
    await run(join(root, 'lens'), { source });
    expect(await manifest(join(root, 'lens'))).toMatchObject({ complete: true, rectified: true, source: { kind: 'bag', fps: 10, frames: 2 } });
    await run(join(root, 'plain'), { source: plain });
    expect(await manifest(join(root, 'plain'))).toMatchObject({ complete: true, rectified: false, source: { kind: 'bag', fps: 10 } });
  });
});

describe('estimateClip that is stopped while it makes the preview', () => {
  const before = process.env.SEXTANT_FFMPEG;
  afterEach(() => {
    if (before === undefined) delete process.env.SEXTANT_FFMPEG;
    else process.env.SEXTANT_FFMPEG = before;
  });

  it('is not complete, and makes the preview when it is called again', async () => {
    const [out, script, started] = [join(root, 'stopped'), join(root, 'ffmpeg'), join(root, 'started')];
    const manifest = async (): Promise<unknown> => JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    process.env.SEXTANT_FFMPEG = script;
    await writeFile(script, `#!/bin/sh\ntouch ${started}; exec sleep 60\n`, { mode: 0o755 });
    const stop = new AbortController();
    const stopped = run(out, {}, stop.signal);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await stopped;
    expect(await manifest()).toMatchObject({ complete: false, counts: { frames: 2 } });
    await writeFile(script, '#!/bin/sh\nfor last; do :; done; echo video > "$last"\n');
    await run(out, {});
    expect(await manifest()).toMatchObject({ complete: true, preview: 'preview.mp4', counts: { frames: 2 } });
    expect([existsSync(join(out, 'preview.mp4')), existsSync(join(out, 'preview.png'))]).toEqual([true, false]);
  });
});

describe('estimateClip that is stopped among the frames', () => {
  it('goes on with the ids, the steady depth and the issues of the call before: the bytes of one that was not stopped', async () => {
    const [source, whole, stopped] = ['stream', 'stream-whole', 'stream-stopped'].map((name) => join(root, name));
    await mkdir(source);
    const name = (index: number): string => `${String(index).padStart(6, '0')}.png`;
    const damaged = [1, 14];
    for (let index = 0; index < 20; index += 1) {
      if (damaged.includes(index)) await writeFile(join(source, name(index)), 'no picture');
      else await cp(join(PICTURES, name(index % 8 === 7 ? 1 : 0)), join(source, name(index))); // things that stay, and a glimpse of others
    }
    /** Stopped, where asked for, when the picture that is damaged comes. */
    const call = async (out: string, stopping = false): Promise<Record<string, unknown>> => {
      const stop = new AbortController();
      const output = Object.assign(new Output(true), { event: () => {}, warn: (message: string) => { if (stopping && message.includes(name(14))) stop.abort(); } });
      const settings = { source, out, model: MODEL, device: 'cpu', modalities: ['depth', 'flow', 'segmentation', 'skeleton'], steady: true } as const;
      await estimateClip(settings, { output, signal: stop.signal, stoppedBy: () => undefined });
      return JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    };
    const manifest = await call(whole);
    expect(manifest).toMatchObject({ complete: true, issues: damaged.map((index) => expect.stringContaining(name(index))) });
    expect(await call(stopped, true)).toMatchObject({ complete: false });
    expect(await call(stopped)).toEqual(manifest);
    for (const file of ['skeleton/keypoints.json', ...[13, 15, 16, 19].flatMap((index) => ['depth', 'instances'].map((kind) => `${kind}/${name(index)}`))]) {
      expect([file, (await readFile(join(stopped, file))).equals(await readFile(join(whole, file)))]).toEqual([file, true]);
    }
  });
});

describe('fingerprint', () => {
  it('knows a file by size and time, a folder by names and sizes, without what a clip folder holds', async () => {
    const folder = join(root, 'known');
    await mkdir(join(folder, 'below'), { recursive: true });
    await writeFile(join(folder, 'a.png'), 'xx');
    const before = await fingerprint(folder);
    expect(before).toMatchObject({ files: 1 });
    await writeFile(join(folder, 'preview.png'), 'x');
    expect(await fingerprint(folder)).toEqual(before);
    await writeFile(join(folder, 'a.png'), 'xxx');
    expect(await fingerprint(folder)).not.toEqual(before);
    await utimes(join(folder, 'a.png'), 5, 5);
    expect(await fingerprint(join(folder, 'a.png'))).toEqual({ bytes: 3, changedMs: 5000 });
    expect([await fingerprint(undefined), await fingerprint(join(folder, 'none'))]).toEqual([null, null]);
  });
});
