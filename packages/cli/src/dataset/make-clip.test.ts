import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { planClips, recipeSchema } from '@sextant/synth';
import type { CocoFrame } from './coco-frames.js';
import { ClipMaker } from './make-clip.js';
import { WORK } from '../clip/folder-lock.js';
import { cocoFile } from './work-files.js';

describe('ClipMaker', () => {
  // All frames of a long clip together are more than a string holds: that clip was lost when it had been rendered.
  it('notes the things of each frame in a line of its own', async () => {
    const out = await mkdtemp(join(tmpdir(), 'sextant-maker-'));
    const recipe = recipeSchema.parse({ clips: 1, frames: 3, size: '32x24', seeds: 2000001, supersampling: 1, preview: false, modalities: ['depth', 'segmentation'] });
    const { record } = (await new ClipMaker({ recipe, out, device: 'cpu' }).make(planClips(recipe)[0], new AbortController().signal))!;
    const lines = (await readFile(cocoFile(out, 0), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as CocoFrame);
    expect(lines.map(({ frame, width }) => [frame, width])).toEqual([[0, 32], [1, 32], [2, 32]]);
    expect(lines[0].things.length).toBeGreaterThan(0);
    expect(lines[0].caption).toBe(record!.caption);
    expect(await readdir(join(out, WORK, 'making'))).toEqual([]);
    await rm(out, { recursive: true });
  });
});
