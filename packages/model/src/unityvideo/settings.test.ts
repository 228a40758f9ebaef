import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINIATURE } from '../../test/unityvideo-mini.js';
import { readManifest } from '../manifest/read.js';
import { verifyFiles } from '../manifest/verify.js';
import { LoadedGraph } from './graphs.js';
import { estimateLatentMemory } from './memory.js';
import { isLatentManifest, parseLatentManifest, readLatentManifest } from './read-manifest.js';
import type { LatentManifest } from './schema.js';
import { settleLatents, type LatentSettings } from './settings.js';
import { ramp, spans } from './tiles.js';

// Small work, but each graph is loaded anew for each clip, and a busy machine takes its time.
jest.setTimeout(120_000);

type Json = Record<string, unknown>;
const json = (): Json => JSON.parse(readFileSync(join(MINIATURE, 'manifest.json'), 'utf8')) as Json;
let manifest: LatentManifest;
beforeAll(async () => {
  manifest = (await readLatentManifest(MINIATURE))!;
});

describe('the manifest over latents', () => {
  it('is told from the others, and its files are whole', async () => {
    expect([isLatentManifest(json()), isLatentManifest({ ...json(), layout: undefined }), isLatentManifest(null)]).toEqual([true, false, false]);
    expect(manifest.sampler).toMatchObject({ type: 'euler', shift: 5, timeScale: 1000 });
    await verifyFiles(MINIATURE, manifest);
    expect(await readLatentManifest('/nowhere')).toBeUndefined();
    await expect(readManifest(MINIATURE)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('whole clips') });
  });

  it.each<[string, Json, string]>([
    ['a missing key', { tiles: undefined }, 'tiles'],
    ['an unknown key', { colour: 1 }, 'colour'],
    ['a file that is not listed', { text: { tokenizer: 'other.json', tokenizerConfig: 'tokenizer_config.json', length: 24 } }, '"other.json" is not listed'],
    ['an overlap as large as a tile', { tiles: { size: 4, overlap: 4 } }, 'tiles.overlap: 4 is not less'],
    ['a size off its multiple', { size: { width: 100, height: 64, frames: 5 } }, '100x64 is not of multiples of 32'],
    ['a length off its multiple', { size: { width: 96, height: 64, frames: 6 } }, '6 is not 4k+1'],
    ['no modality', { modalities: {} }, 'modalities: there is none'],
  ])('names %s', (_, change, message) => {
    expect(() => parseLatentManifest({ ...json(), ...change }, 'm.json')).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(message) }));
  });
});

describe('settleLatents', () => {
  const settle = (settings: Partial<LatentSettings>) => settleLatents(MINIATURE, manifest, { task: 'generate', modality: 'depth', ...settings });

  it('fills in what the manifest says', async () => {
    expect(await settle({})).toMatchObject({ frames: 5, size: { width: 96, height: 64 }, steps: 4, shift: 5, sampler: 'euler', guidance: 1, seed: 0 });
  });

  it.each<[string, Partial<LatentSettings>, string, string]>([
    ['frames', { frames: 8 }, 'bad-argument', '8 frames do not suit'],
    ['steps', { steps: 0 }, 'bad-argument', 'steps is 0'],
    ['size', { size: { width: 80, height: 64 } }, 'bad-argument', '80 is not a multiple of 32'],
    ['seed', { seed: -1 }, 'bad-argument', 'seed is -1'],
    ['guidance', { guidance: NaN }, 'bad-argument', 'guidance is NaN'],
    ['a negative prompt without guidance', { negative: 'a car' }, 'bad-argument', 'no effect with guidance 1'],
    ['a negative prompt that would be made', { negative: 'a car', guidance: 0.5 }, 'bad-argument', 'with guidance 0.5 what a negative prompt names would be made'],
    ['a modality', { modality: 'normals' as 'depth' }, 'bad-argument', 'no modality "normals"'],
    ['a prompt of 10 000 words', { prompt: 'red '.repeat(10_000) }, 'too-large', 'the prompt has 10000 words'],
    ['memory', { memoryBytes: 1e6 }, 'too-large', 'need about'],
  ])('refuses %s', async (_, settings, code, message) => {
    await expect(settle(settings)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('cuts what is longer than the network hears, end mark kept, and says so', async () => {
    const { prompt } = await settle({ prompt: 'a person walks past a red sofa '.repeat(8) });
    expect([prompt.ids.length, prompt.ids.at(-1), prompt.cut.length > 0]).toEqual([24, 1, true]);
    expect((await settle({ prompt: '  ' })).prompt.ids).toEqual([1]);
    expect((await settle({ prompt: ' a\n red\tsofa' })).prompt).toEqual((await settle({ prompt: 'a red sofa' })).prompt);
  });

  it('names a damaged tokenizer and a damaged graph', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sextant-latents-'));
    try {
      cpSync(MINIATURE, folder, { recursive: true });
      writeFileSync(join(folder, 'tokenizer.json'), '{"model": {}}');
      await expect(settleLatents(folder, manifest, { task: 'joint', modality: 'depth' })).rejects.toMatchObject({ code: 'model-damaged' });
      rmSync(join(folder, 'tokenizer.json'));
      await expect(settleLatents(folder, manifest, { task: 'joint', modality: 'depth' })).rejects.toMatchObject({ code: 'model-missing' });
      writeFileSync(join(folder, 'joint.onnx'), 'not a graph');
      await expect(LoadedGraph.load(folder, manifest, 'joint', 'cpu', 1)).rejects.toMatchObject({ code: 'model-damaged', message: expect.stringContaining('graph joint') });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('expects more memory of more frames and larger ones', () => {
    const bytes = (side: number, frames: number): number => estimateLatentMemory(manifest, { width: side, height: side }, frames);
    expect(bytes(512, 33)).toBeGreaterThan(bytes(256, 33));
    expect(bytes(256, 33)).toBeGreaterThan(bytes(256, 5));
    // Weights in shards (as the miniature's are) count like weights in one file.
    const shard = /^joint-0000\d-of-00002\.data$/;
    expect(manifest.files.filter(({ path }) => shard.test(path))).toHaveLength(2);
    const sharded = { ...manifest, files: manifest.files.map((file) => (shard.test(file.path) ? { ...file, bytes: 2e9 } : file)) };
    const large = { ...manifest, files: [...manifest.files.filter(({ path }) => !shard.test(path)), { ...manifest.files[0], path: 'joint.data', bytes: 4e9 }] };
    const size = { width: 64, height: 64 };
    expect(estimateLatentMemory(sharded, size, 5)).toBe(estimateLatentMemory(large, size, 5));
    expect(estimateLatentMemory(large, size, 5)).toBeGreaterThan(12e9);
  });
});

describe('tiles', () => {
  it.each([[6, 4, 2, [[0, 4], [2, 6]]], [4, 4, 2, [[0, 4]]], [9, 4, 1, [[0, 4], [3, 7], [5, 9]]], [3, 4, 2, [[0, 3]]]])('of %i by %i sharing %i', (total, size, overlap, expected) => {
    expect(spans(total, size, overlap)).toEqual(expected);
  });

  it('weigh what two neighbours share to 1 together', () => {
    const [left, right] = [ramp([0, 4], 6, 2), ramp([2, 6], 6, 2)];
    expect([left[0], left[1], right[2], right[3]]).toEqual([1, 1, 1, 1]);
    expect([left[2] + right[0], left[3] + right[1]].map((w) => Number(w.toFixed(6)))).toEqual([1, 1]);
  });
});
