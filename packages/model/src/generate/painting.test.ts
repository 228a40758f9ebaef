import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { fixture, fixtureCopy } from '../../test/helpers.js';
import { readFile, writeFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { loadModel } from '../load-model.js';
import { readManifest } from '../manifest/read.js';
import type { WorkerModel } from '../model.js';
import { generate, joint, type GenerateOptions, type GeneratedFrame } from './generate.js';
import { enlarged, reduced } from './pixels.js';

jest.setTimeout(60_000);

const SIZE = { width: 48, height: 32 };
const depth = (near: number): { depth: typeof SIZE & { metres: Float32Array } } => ({ depth: { ...SIZE, metres: Float32Array.from({ length: 48 * 32 }, (_, i) => near + (i % 48) / 10) } });
/** Largest difference of channel values within blocks of 4x4 pixels. */
function unevenness({ rgb }: { rgb: Uint8Array }): number {
  let most = 0;
  for (let y = 0; y < 32; y++) for (let x = 0; x < 48; x++) for (let c = 0; c < 3; c++) {
    const corner = rgb[3 * ((y - (y % 4)) * 48 + x - (x % 4)) + c];
    most = Math.max(most, Math.abs(rgb[3 * (y * 48 + x) + c] - corner));
  }
  return most;
}

interface Tasks {
  generate: { guidance?: object; painted?: unknown; repaint?: boolean };
  joint: { repaint?: boolean; sampler: { continueAt?: number } };
}

/** Runs `use` with tiny-painter whose manifest `change` has changed, and takes it away. */
async function withChanged<T>(change: (tasks: Tasks) => void, use: (model: WorkerModel) => Promise<T>): Promise<T> {
  const { folder, remove } = fixtureCopy('tiny-painter');
  try {
    const path = joinPath(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { tasks: Tasks };
    change(manifest.tasks);
    await writeFile(path, JSON.stringify(manifest));
    const changed = await loadModel(folder, { device: 'cpu', threads: 1, isolation: 'thread' });
    try {
      return await use(changed);
    } finally {
      await changed.close();
    }
  } finally {
    remove();
  }
}

describe('a model that makes a small picture and paints it', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-painter'), { device: 'cpu', threads: 1, isolation: 'thread' });
  });
  afterAll(() => model.close());
  const run = (more: Partial<GenerateOptions> = {}): Promise<GeneratedFrame[]> =>
    lastValueFrom(generate(model, { frames: 2, modalities: ['depth'], prompt: 'a red dog', seed: 7, condition: () => depth(1), ...more }).pipe(toArray()));

  it('gives frames of full size, noised in blocks, with the detail of the condition', async () => {
    const made = await run();
    expect(made.map(({ frame: f }) => [f.width, f.height, f.rgb.length])).toEqual(new Array(2).fill([48, 32, 48 * 32 * 3]));
    // The fixture adds a hundredth of the condition to the repeated picture: uneven within blocks, but by little.
    expect(unevenness(made[0].frame)).toBeGreaterThan(0);
    expect(unevenness(made[0].frame)).toBeLessThan(16);
    const other = await run({ condition: () => depth(2) });
    expect(other[0].frame.rgb).not.toEqual(made[0].frame.rgb);
    expect((await run())[1].frame.rgb).toEqual(made[1].frame.rgb);
  });

  it('shows the small picture, enlarged, while it is made', async () => {
    const previews: Uint8Array[] = [];
    await run({ frames: 1, previews: true, onProgress: ({ preview }) => void previews.push(preview!.rgb) });
    expect(previews.map(({ length }) => length)).toEqual(new Array(4).fill(48 * 32 * 3));
    expect(previews.map((rgb) => unevenness({ rgb }))).toEqual([0, 0, 0, 0]);
  });

  it('makes the streams of joint generation large, paints from them, and goes on from them', async () => {
    const settings = { frames: 2, modalities: ['depth'] as const, prompt: 'a red dog', seed: 3 };
    const made = await lastValueFrom(joint(model, settings).pipe(toArray()));
    expect(made[0].streams).toHaveLength(15 * 48 * 32);
    expect(Math.max(...made[0].streams!.map(Math.abs))).toBeLessThanOrEqual(0.505); // the fixture's sharpener halves them
    const rest = await lastValueFrom(joint(model, { ...settings, first: 1, recent: [{ rgb: made[0].frame.rgb, streams: made[0].streams! }] }).pipe(toArray()));
    expect(rest[0].frame.rgb).toEqual(made[1].frame.rgb);
  });

  it('takes people from where the model says them', async () => {
    const [{ maps, frame }] = await lastValueFrom(joint(model, { frames: 1, modalities: ['skeleton'], prompt: 'two persons', seed: 3 }).pipe(toArray()));
    // The halved stream holds no joint: these people are of the other output, in pixels of the frame.
    expect(maps.skeleton).toMatchObject({ width: frame.width, height: frame.height });
    expect(maps.skeleton!.people.length).toBeGreaterThan(0);
    const xs = maps.skeleton!.people.flatMap(({ keypoints }) => keypoints.filter(({ score }) => score > 0).map(({ x }) => x));
    expect(Math.max(...xs)).toBeGreaterThan(frame.width / 4);
    expect(Math.max(...xs)).toBeLessThan(frame.width);
  });

  it('makes the picture of joint generation once more from its streams where the manifest says so, and goes on from them', async () => {
    const settings = { frames: 2, modalities: ['depth'] as const, prompt: 'a red dog', seed: 3, size: SIZE, steps: 3 };
    const plain = await lastValueFrom(joint(model, settings).pipe(toArray()));
    await withChanged(({ joint: task }) => void (task.repaint = true), async (repainting) => {
      const steps: string[] = [];
      const made = await lastValueFrom(joint(repainting, { ...settings, onProgress: (p) => void steps.push(`${p.frame}: ${p.step}/${p.steps}`) }).pipe(toArray()));
      expect(made[0].streams).toEqual(plain[0].streams);
      expect(made[0].frame.rgb).not.toEqual(plain[0].frame.rgb);
      expect(steps).toEqual([0, 1].flatMap((frame) => [1, 2, 3, 4, 5, 6, 7].map((step) => `${frame}: ${step}/7`)));
      const rest = await lastValueFrom(joint(repainting, { ...settings, first: 1, recent: [{ rgb: made[0].frame.rgb, streams: made[0].streams! }] }).pipe(toArray()));
      expect(rest[0].frame.rgb).toEqual(made[1].frame.rgb);
      expect(rest[0].streams).toEqual(made[1].streams);
    });
  });

  it('makes later frames of the one before where the manifest says so', async () => {
    const settings = { frames: 3, modalities: ['depth'] as const, prompt: 'a red dog', seed: 3, size: SIZE, steps: 4 };
    const plain = await lastValueFrom(joint(model, settings).pipe(toArray()));
    await withChanged(({ joint: task }) => void (task.sampler.continueAt = 0.01), async (continuing) => {
      const steps: string[] = [];
      const made = await lastValueFrom(joint(continuing, { ...settings, onProgress: ({ frame, step }) => void steps.push(`${frame}: ${step}`) }).pipe(toArray()));
      expect(made[0].frame.rgb).toEqual(plain[0].frame.rgb);
      expect(made[1].frame.rgb).not.toEqual(plain[1].frame.rgb);
      expect(steps).toEqual(['0: 1', '0: 2', '0: 3', '0: 4', '1: 4', '2: 4']); // hardly any noise: one step is left
      const rest = await lastValueFrom(joint(continuing, { ...settings, first: 2, recent: made.slice(0, 2).map(({ frame, streams }) => ({ rgb: frame.rgb, streams: streams! })) }).pipe(toArray()));
      expect(rest[0].frame.rgb).toEqual(made[2].frame.rgb);
    });
  });

  it('samples frames larger than the manifest names at a smaller size, paints them twice, and goes on from them', async () => {
    const large = { width: 96, height: 64 };
    const metres = { depth: { ...large, metres: Float32Array.from({ length: 96 * 64 }, (_, i) => 1 + (i % 96) / 20) } };
    const base = { ...SIZE };
    const settings = { frames: 3, modalities: ['depth'] as const, prompt: 'a red dog', seed: 3 };
    const whole = await lastValueFrom(generate(model, { ...settings, size: large, condition: () => metres }).pipe(toArray()));
    const small = await run();
    await withChanged((tasks) => void [Object.assign(tasks.generate, { base: { width: 64, height: 48 } }), Object.assign(tasks.joint, { base, repaint: true })], async (cascade) => {
      const previews: Uint8Array[] = [];
      const made = await lastValueFrom(generate(cascade, { ...settings, size: large, condition: () => metres, previews: true, onProgress: ({ preview }) => void previews.push(preview!.rgb) }).pipe(toArray()));
      expect(made.map(({ frame: f }) => [f.width, f.height, f.rgb.length])).toEqual(new Array(3).fill([96, 64, 96 * 64 * 3]));
      expect(previews.map(({ length }) => length)).toEqual(new Array(12).fill(96 * 64 * 3));
      expect(made[0].frame.rgb).not.toEqual(whole[0].frame.rgb);
      const rest = await lastValueFrom(generate(cascade, { ...settings, size: large, condition: () => metres, first: 2, recent: made.slice(0, 2).map(({ frame: { rgb } }) => ({ rgb })) }).pipe(toArray()));
      expect(rest[0].frame.rgb).toEqual(made[2].frame.rgb);
      // Frames of no more pixels are made as ever.
      const same = await lastValueFrom(generate(cascade, { frames: 2, modalities: ['depth'], prompt: 'a red dog', seed: 7, condition: () => depth(1) }).pipe(toArray()));
      expect(same.map(({ frame: { rgb } }) => rgb)).toEqual(small.map(({ frame: { rgb } }) => rgb));

      const both = await lastValueFrom(joint(cascade, { ...settings, modalities: ['depth', 'skeleton'], size: large }).pipe(toArray()));
      expect(both[0].streams).toHaveLength(15 * 96 * 64);
      expect(both[0].maps.skeleton).toMatchObject(large);
      expect(both[0].maps.depth!.metres).toHaveLength(96 * 64);
      const last = await lastValueFrom(joint(cascade, { ...settings, modalities: ['depth', 'skeleton'], size: large, first: 2, recent: both.slice(0, 2).map(({ frame: { rgb }, streams }) => ({ rgb, streams: streams! })) }).pipe(toArray()));
      expect(last[0].frame.rgb).toEqual(both[2].frame.rgb);
      expect(last[0].streams).toEqual(both[2].streams);
    });
  });

  it('guides only at noise levels over those that the manifest names', async () => {
    const settings = { frames: 1, modalities: ['depth'] as const, prompt: 'a red dog', seed: 7, size: SIZE, guidance: 5, condition: () => depth(1) };
    const pictures: Uint8Array[] = [];
    for (const above of [0, 0.5, 1]) {
      pictures.push(await withChanged(({ generate: task }) => void (task.guidance = { above }), async (guided) => (await lastValueFrom(generate(guided, settings))).frame.rgb));
    }
    const unguided = (await lastValueFrom(generate(model, { ...settings, guidance: 1, conditionGuidance: 1 }))).frame.rgb;
    expect(pictures[2]).toEqual(unguided);
    expect(pictures[0]).not.toEqual(pictures[1]);
    expect(pictures[1]).not.toEqual(unguided);
  });

  it('guides frames after the first by the share that the manifest names', async () => {
    const settings = { frames: 2, modalities: ['depth'] as const, prompt: 'a red dog', seed: 7, size: SIZE, guidance: 5, condition: () => depth(1) };
    const made = async (later?: number): Promise<readonly Uint8Array[]> =>
      withChanged(({ generate: task }) => void (task.guidance = later === undefined ? {} : { later }), async (guided) => (await lastValueFrom(generate(guided, settings).pipe(toArray()))).map(({ frame }) => frame.rgb));
    const [all, half, none] = [await made(), await made(0.5), await made(0)];
    expect([half[0], none[0]]).toEqual([all[0], all[0]]);
    expect(half[1]).not.toEqual(all[1]);
    const recent = [{ rgb: all[0] }];
    const unguided = await lastValueFrom(generate(model, { ...settings, guidance: 1, conditionGuidance: 1, first: 1, recent }));
    expect(none[1]).toEqual(unguided.frame.rgb);
    expect(half[1]).not.toEqual(none[1]);
    // A weight below 1 is no guidance that could grow.
    const silent = await withChanged(({ generate: task }) => void (task.guidance = { later: 0 }), async (guided) =>
      [await lastValueFrom(generate(guided, { ...settings, guidance: 0, first: 1, recent })), await lastValueFrom(generate(guided, { ...settings, prompt: '', guidance: 0, first: 1, recent }))]);
    expect(silent[0].frame.rgb).toEqual(silent[1].frame.rgb);
  });

  it('with guidance 0 follows no prompt at any noise level', async () => {
    const settings = { frames: 1, modalities: ['depth'] as const, seed: 7, size: SIZE, guidance: 0, condition: () => depth(1) };
    const made = await withChanged(({ generate: task }) => void (task.guidance = { above: 0.5 }), async (guided) =>
      [await lastValueFrom(generate(guided, { ...settings, prompt: 'a red dog' })), await lastValueFrom(generate(guided, settings))]);
    expect(made[0].frame.rgb).toEqual(made[1].frame.rgb);
  });

  it('is refused without a painter, or with blocks that do not divide the grid', async () => {
    const { folder, remove } = fixtureCopy('tiny-painter');
    const path = joinPath(folder, 'manifest.json');
    const manifest = await readFile(path, 'utf8');
    const unpainted = JSON.parse(manifest) as { tasks: Tasks };
    delete unpainted.tasks.generate.painted;
    await writeFile(path, JSON.stringify(unpainted));
    await expect(readManifest(folder)).rejects.toThrow('tasks.generate.painted');
    await writeFile(path, JSON.stringify({ ...unpainted, tasks: { ...unpainted.tasks, generate: { ...unpainted.tasks.generate, sampler: { type: 'euler', steps: 4 }, base: SIZE } } }));
    await expect(readManifest(folder)).rejects.toThrow('tasks.generate.base: nobody paints larger frames');
    await writeFile(path, manifest.replace('"streams": "task.small_streams"', '"streams": "task.streams"'));
    await expect(readManifest(folder)).rejects.toThrow('tasks.joint.painted.streams: graph "sharpen" reads task.streams');
    await writeFile(path, manifest.replace('"people": "sharpen.people"', '"people": "skeleton.skeleton"'));
    await expect(readManifest(folder)).rejects.toThrow('tasks.joint.painted.people: "skeleton.skeleton" is not of the graph of painted.streams');
    const repainted = JSON.parse(manifest) as { tasks: Tasks };
    repainted.tasks.generate.repaint = true;
    await writeFile(path, JSON.stringify(repainted));
    await expect(readManifest(folder)).rejects.toThrow('tasks.generate.repaint: the picture cannot be made from the streams');
    await writeFile(path, manifest.replaceAll('"block": 4', '"block": 5'));
    await expect(readManifest(folder)).rejects.toThrow('5 does not divide input.multipleOf, 16');
    remove();
  });
});

describe('reduced', () => {
  it('is the mean of each block', () => {
    expect([...reduced(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4, 2)]).toEqual([3.5, 5.5]);
    expect([...reduced(enlarged(Float32Array.of(1, 2, 3, 4), 4, 2), 4, 2)]).toEqual([1, 2, 3, 4]);
  });
});

describe('enlarged', () => {
  it('repeats every value', () => {
    expect([...enlarged(Float32Array.of(1, 2, 3, 4), 4, 2)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    const same = Float32Array.of(1, 2);
    expect(enlarged(same, 2, 1)).toBe(same);
  });
});
