import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { MINIATURE } from '../../test/unityvideo-mini.js';
import { latentClip, openLatentModel, type LatentClipOptions, type LatentFrame } from './latent-clip.js';
import type { ClipProgress } from './make-clip.js';

// Each clip is a process of its own, of the built worker.
jest.setTimeout(120_000);

const copies: string[] = [];
afterAll(() => copies.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const copy = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-latents-'));
  copies.push(folder);
  cpSync(MINIATURE, folder, { recursive: true });
  return folder;
};
const picture = (index: number) => ({ width: 96, height: 64, rgb: Uint8Array.from({ length: 3 * 96 * 64 }, (_, i) => (i * 5 + index * 40) & 255) });
const clip = async (options: Partial<LatentClipOptions>): Promise<LatentFrame[]> => {
  const model = await openLatentModel(MINIATURE, { device: 'cpu', threads: 1 });
  return lastValueFrom(latentClip(model, { task: 'joint', modality: 'depth', steps: 2, seed: 5, ...options }).pipe(toArray()), { defaultValue: [] });
};

describe('latentClip', () => {
  it('makes the pictures of both streams in a process of its own, and tells of each part', async () => {
    const seen: ClipProgress[] = [];
    const frames = await clip({ prompt: 'two dogs', onProgress: (p) => seen.push(p) });
    expect(frames.map(({ index, rgb, modality }) => [index, rgb?.rgb.length, modality?.rgb.length])).toEqual(Array.from({ length: 5 }, (_, i) => [i, 18432, 18432]));
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['text', 'sample', 'decode']);
    expect(seen.every(({ done, total }) => done >= 1 && done <= total)).toBe(true);
  });

  it('estimates a modality from pictures', async () => {
    const frames = await clip({ task: 'estimate', modality: 'segmentation', clean: picture });
    expect(frames.map(({ rgb, modality }) => [rgb, modality?.width])).toEqual(Array.from({ length: 5 }, () => [undefined, 96]));
  });

  it('ends the process when nobody wants it any more', async () => {
    const abort = new AbortController();
    const frames = await clip({ steps: 1000, signal: abort.signal, onProgress: ({ phase }) => phase === 'sample' && abort.abort() });
    expect(frames).toEqual([]);
    const model = await openLatentModel(MINIATURE, { device: 'cpu', threads: 1 });
    await new Promise<void>((resolve) => {
      const subscription = latentClip(model, { task: 'joint', modality: 'depth', steps: 1000, onProgress: ({ phase }) => {
        if (phase !== 'sample') return;
        subscription.unsubscribe();
        resolve();
      } }).subscribe();
    });
  });

  it('ends with what onProgress throws', async () => {
    let calls = 0;
    const told = clip({ onProgress: () => {
      calls++;
      throw new Error('no room for progress');
    } });
    await expect(told).rejects.toThrow('no room for progress');
    expect(calls).toBe(1);
  });

  it('says what is wrong with pictures, files and devices', async () => {
    await expect(clip({ task: 'generate' })).rejects.toMatchObject({ code: 'bad-argument', message: 'generate has no pictures to begin with' });
    await expect(clip({ task: 'generate', clean: () => ({ width: 32, height: 32, rgb: new Uint8Array(3 * 32 * 32) }) })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('picture 0 is 32x32') });
    const folder = copy();
    const file = join(folder, 'decoder-00002-of-00004.data');
    const bytes = readFileSync(file);
    bytes[100] ^= 1;
    writeFileSync(file, bytes);
    await expect(openLatentModel(folder, { device: 'cpu' })).rejects.toMatchObject({ code: 'model-damaged' });
    rmSync(file);
    await expect(openLatentModel(folder, { device: 'cpu' })).rejects.toMatchObject({ code: 'model-missing' });
    // A CUDA that is asked for works or says why not; auto finds one that works either way.
    const cuda = await openLatentModel(MINIATURE, { device: 'cuda' }).then(({ device }) => device, (error: { code: string }) => error.code);
    expect(['cuda', 'device-unavailable']).toContain(cuda);
    expect((await openLatentModel(MINIATURE)).device).toBe(cuda === 'cuda' ? 'cuda' : 'cpu');
    await expect(openLatentModel(MINIATURE, { device: 'webgpu' })).rejects.toMatchObject({ code: 'device-unavailable' });
    for (const threads of [0, -1, 1.5, NaN]) await expect(openLatentModel(MINIATURE, { device: 'cpu', threads })).rejects.toMatchObject({ code: 'bad-argument', message: `threads is ${threads}` });
    await expect(openLatentModel(join(MINIATURE, '../tiny-unified'))).rejects.toMatchObject({ code: 'unsupported' });
  });
});
