import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Output } from '../cli/output.js';
import { estimateClip } from './estimate.js';
import type { EstimateSettings } from './estimate.js';

jest.setTimeout(120_000);

const MODEL = fileURLToPath(new URL('../../../model/test/fixtures/tiny-unified', import.meta.url));
/** Two pictures of 36x24. */
const PICTURES = fileURLToPath(new URL('../../../synth/test/fixtures/clip/rgb', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sextant-estimate-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const quiet = Object.assign(new Output(true), { event: () => {} });
const run = (out: string, more: Partial<EstimateSettings>): Promise<number> =>
  estimateClip({ source: PICTURES, out, model: MODEL, device: 'cpu', modalities: ['depth'], ...more }, { output: quiet, signal: new AbortController().signal, stoppedBy: () => undefined });

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
});
