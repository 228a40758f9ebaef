import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Modality } from '@sextant/core';
import { fixture, fixtureCopy, frame } from '../../test/helpers.js';
import { readManifest } from '../manifest/read.js';
import type { Manifest } from '../manifest/schema.js';
import { Engine } from './engine.js';
import type { Sought } from './messages.js';
import { Sessions } from './sessions.js';

it('looks for a phrase with what the stream remembers, whatever modalities are asked for', async () => {
  const folder = fixture('tiny-generator');
  const engine = new Engine({ folder, manifest: await readManifest(folder), device: 'cpu', check: false, threads: 1 });
  /** What the graph that sees the picture is told of the frames before, call by call. */
  const pasts: number[][] = [];
  const original = Sessions.prototype.run;
  const spy = jest.spyOn(Sessions.prototype, 'run').mockImplementation(function (this: Sessions, graph, feeds, outputs) {
    if (graph === 'rgb') pasts.push([...(feeds.past.data as Float32Array)]);
    return original.call(this, graph, feeds, outputs);
  });
  const seen = async (sought: Sought, modalities: readonly Modality[], stream: number): Promise<number[][]> => {
    for (const n of [1, 2, 3]) await engine.run({ ...frame(n), focalKnown: false }, { modalities, stream, memory: true, sought, steps: 1, closeUps: 0 });
    return pasts.splice(0);
  };
  for (const [i, sought] of [{ prompt: [1, 2, 0, 0] }, { classes: [1] }].entries()) {
    const beside = await seen(sought, ['segmentation'], 2 * i);
    expect(beside).toHaveLength(3);
    expect(beside[2].every((value) => value !== 0)).toBe(true);
    expect(await seen(sought, [], 2 * i + 1)).toEqual(beside);
  }
  spy.mockRestore();
}, 120_000);

it('looks at people from nearby by the graphs that the model has for it, on their grid', async () => {
  const folder = fixture('tiny-unified');
  const plain = await readManifest(folder);
  // Everything is somebody.
  const skeleton = { ...plain.modalities.skeleton!, codec: { type: 'centre-offset-pose', offsetScale: 32, centreThreshold: 0, jointThreshold: 0, voteRadius: 0.15, frontThreshold: 0.5, frontWeight: 1 } } as const;
  const own = { ...plain, modalities: { ...plain.modalities, skeleton } };
  const original = Sessions.prototype.run;
  /** Graphs and the sides of the pictures that they are shown, call by call. */
  const shown: (readonly number[])[] = [];
  const spy = jest.spyOn(Sessions.prototype, 'run').mockImplementation(function (this: Sessions, graph, feeds, outputs) {
    if (graph === 'rgb') shown.push(feeds.rgb.dims.slice(1, 3));
    return original.call(this, graph, feeds, outputs);
  });
  const look = async (manifest: typeof own): Promise<(readonly number[])[]> => {
    const engine = new Engine({ folder, manifest, device: 'cpu', check: false, threads: 1 });
    await engine.run({ ...frame(1, { width: 384, height: 256 }), focalKnown: false }, { modalities: ['skeleton'], memory: false, steps: 1, closeUps: 2 });
    return shown.splice(0);
  };
  const [first, ...nearer] = await look(own);
  expect(first).toEqual([64, 96]);
  expect(nearer.length).toBeGreaterThan(0);
  expect(nearer.every(([h, w]) => h * w > 5000)).toBe(true);
  const small = await look({ ...own, closeUps: { width: 32, height: 48, modalities: { skeleton } } });
  expect(small).toEqual([first, ...nearer.map(([h, w]) => (h > w ? [48, 32] : [32, 48]))]);
  spy.mockRestore();
}, 120_000);

it.each([
  ['finds what a phrase names', (manifest: Manifest): Manifest => ({ ...manifest, graphs: { ...manifest.graphs, refer: { ...manifest.graphs.refer, file: 'junk.onnx' } } })],
  ['looks at people from nearby', (manifest: Manifest): Manifest => {
    const { skeleton } = manifest.modalities;
    const near = { file: 'junk.onnx', inputs: { rgb: 'frame.rgb' }, outputs: skeleton!.outputs };
    return { ...manifest, graphs: { ...manifest.graphs, near }, closeUps: { width: 32, height: 48, modalities: { skeleton: { ...skeleton!, graph: 'near' } } } };
  }],
])('is not opened where the graph that %s is damaged', async (_what, damage) => {
  const { folder, remove } = fixtureCopy('tiny-generator');
  writeFileSync(join(folder, 'junk.onnx'), 'this is no ONNX graph');
  const engine = new Engine({ folder, manifest: damage(await readManifest(folder)), device: 'cpu', check: false, threads: 1 });
  await expect(engine.open()).rejects.toMatchObject({ code: 'model-damaged', message: expect.stringContaining('junk.onnx cannot be loaded') });
  remove();
}, 120_000);
