import { afterAll, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Output } from '../cli/output.js';
import { renderRecipeWorld } from './recipe-world.js';

const folder = mkdtempSync(join(tmpdir(), 'sextant-recipe-world-'));
afterAll(() => rm(folder, { recursive: true }));

it('refuses a frame rate that leaves the sensor of the recipe no time, and says both', async () => {
  const recipe = join(folder, 'recipe.yaml');
  writeFileSync(recipe, 'clips: 1\nframes: 1\nsize: 8x8\nseeds: 2000000\nsensor: {readoutMs: 30}\n');
  const out = join(folder, 'out');
  await expect(renderRecipeWorld(recipe, { out, fps: 100 }, { output: new Output(true), signal: new AbortController().signal, stoppedBy: () => undefined })).rejects.toMatchObject({
    code: 'bad-config', message: expect.stringContaining('30 is longer than a frame at 100 fps, 10 ms'),
  });
  expect(existsSync(out)).toBe(false);
});
