import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { CameraModel, Modality } from '@sextant/core';
import { fixture, fixtureCopy, frame } from '../test/helpers.js';
import { loadModel } from './load-model.js';
import type { Model } from './model.js';
import { withEstimator } from './with-estimator.js';

// Starting workers takes its time on a busy machine.
jest.setTimeout(30_000);

// These run the real worker from dist: `node scripts/build.mjs core model` first (npm test does).

const camera = (provenance: CameraModel['provenance']): CameraModel => ({
  width: 96, height: 64, distortionModel: 'none', d: [], k: [100, 0, 48, 0, 100, 32, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [100, 0, 48, 0, 0, 100, 32, 0, 0, 0, 1, 0], provenance,
});

describe.each(['thread', 'process'] as const)('a unified model in a %s', (isolation) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-unified'), { device: 'cpu', isolation, threads: 1 });
  });
  afterAll(() => model.close());

  it('says what it is', () => {
    expect(model).toMatchObject({ name: 'tiny-unified', version: '1', modalities: ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'], device: { name: 'cpu', refused: [] } });
    expect(model.health.pid === undefined).toBe(isolation === 'thread');
  });

  it('gives every modality at its own size under one frame', async () => {
    await model.run(frame(0), model.modalities, { stream: 'all' });
    const input = frame(1);
    const p = await model.run(input, model.modalities, { stream: 'all' });
    expect(p.frame).toBe(input);
    expect(p.depth).toMatchObject({ width: 48, height: 32, provenance: 'relative' });
    expect(p.depth?.metres).toHaveLength(48 * 32);
    expect(p.flow?.pixels).toHaveLength(2 * 48 * 32);
    expect(p.segmentation).toMatchObject({ width: 48, height: 32, classes: model.classes });
    expect(Math.max(...(p.segmentation?.labels ?? []))).toBeLessThanOrEqual(3);
    expect(p.skeleton).toMatchObject({ width: 24, height: 16 });
    expect(p.densepose?.part).toHaveLength(48 * 32);
    expect(p.latencyMs).toBeGreaterThan(0);
  });

  it('runs what is asked and nothing else', async () => {
    const p = await model.run(frame(1), ['segmentation', 'depth']);
    expect(Object.keys(p).sort()).toEqual(['depth', 'frame', 'latencyMs', 'segmentation']);
  });

  it('takes the focal length of known intrinsics into the depth', async () => {
    const known = await model.run(frame(1, { camera: camera('calibrated') }), ['depth']);
    const guessed = await model.run(frame(1, { camera: camera('guessed') }), ['depth']);
    expect([known.depth?.provenance, guessed.depth?.provenance]).toEqual(['metric', 'relative']);
    expect(known.depth?.metres).toEqual(guessed.depth?.metres);
  });

  it('takes the camera of another size of the picture for what it is, and none of focal length 0', async () => {
    const own = camera('calibrated');
    const large: CameraModel = { ...own, width: 192, height: 128, k: [200, 0, 96.5, 0, 200, 64.5, 0, 0, 1] };
    const depth = async (of: CameraModel) => (await model.run(frame(1, { camera: of }), ['depth'])).depth;
    expect(await depth(large)).toEqual(await depth(own));
    for (const fx of [0, NaN]) {
      await expect(depth({ ...own, k: [fx, 0, 48, 0, fx, 32, 0, 0, 1] })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining(`focal length of ${fx} pixels`) });
    }
  });

  it('keeps the previous frame of each stream: none at first, after a pause, a step back, another size or forgetting', async () => {
    const flow = async (input: Parameters<Model['run']>[0], modalities: readonly Modality[] = ['flow']) => (await model.run(input, modalities, { stream: 1 })).flow;
    expect(await flow(frame(0))).toBeUndefined();
    expect((await flow(frame(1)))?.pixels.some((v) => v !== 0)).toBe(true);
    expect((await model.run(frame(2), ['flow'], { stream: 2 })).flow).toBeUndefined();
    const still = await flow({ ...frame(1), stamp: frame(2).stamp });
    expect(still?.pixels.every((v) => v === 0)).toBe(true);
    expect(await flow(frame(1))).toBeUndefined();
    expect(await flow(frame(60))).toBeUndefined();
    expect(await flow(frame(61, { width: 48, height: 32 }))).toBeUndefined();
    expect(await flow(frame(62, { width: 48, height: 32 }))).toBeDefined();
    expect(await flow(frame(63, { width: 48, height: 32 }), ['depth'])).toBeUndefined();
    expect(await flow(frame(64, { width: 48, height: 32 }))).toBeUndefined(); // frame 63 left nothing to compare with
    model.forget(1);
    expect(await flow(frame(65, { width: 48, height: 32 }))).toBeUndefined();
    expect((await model.run(frame(66), ['flow'])).flow).toBeUndefined(); // no stream, no past
  });

  it.each([[1, 1], [7680, 4320], [300, 10]])('takes a frame of %ix%i', async (width, height) => {
    const p = await model.run(frame(0, { width, height, grey: 90 }), ['depth']);
    expect(p.depth?.metres.every((z) => !(z <= 0))).toBe(true);
  });

  it('refuses a frame whose bytes do not fit and words it does not know', async () => {
    await expect(model.run({ ...frame(0), width: 95 }, ['depth'])).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(model.run(frame(0), ['smell' as Modality])).rejects.toMatchObject({ code: 'bad-argument', hint: 'Modalities: depth, flow, segmentation, skeleton, densepose.' });
  });

  it('leaves the frame whole, also a view of a larger or shared buffer', async () => {
    const input = frame(3);
    const wide = new Uint8Array(input.rgb.length + 64);
    wide.set(input.rgb, 32);
    const shared = new Uint8Array(new SharedArrayBuffer(input.rgb.length));
    shared.set(input.rgb);
    const reference = await model.run(input, ['depth']);
    const view = await model.run({ ...input, rgb: wide.subarray(32, 32 + input.rgb.length) }, ['depth']);
    const borrowed = await model.run({ ...input, rgb: shared }, ['depth']);
    expect(view.depth?.metres).toEqual(reference.depth?.metres);
    expect(borrowed.depth?.metres).toEqual(reference.depth?.metres);
    expect(input.rgb).toHaveLength(96 * 64 * 3);
  });

  it('works at the size asked for and fails when closed', async () => {
    const small = await loadModel(fixture('tiny-unified'), { device: 'cpu', isolation, threads: 1, size: { width: 48, height: 32 } });
    expect((await small.run(frame(0), ['depth'])).depth).toMatchObject({ width: 24, height: 16 });
    const running = expect(small.run(frame(1), ['depth'])).rejects.toMatchObject({ code: 'bad-argument', message: 'model tiny-unified is closed' });
    await small.close();
    await running;
    await expect(small.run(frame(2), ['depth'])).rejects.toMatchObject({ details: { closed: true } });
    await small.close();
  });
});

describe('an estimator', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-depth-estimator'), { device: 'cpu', isolation: 'thread', threads: 1 });
  });
  afterAll(() => model.close());

  it('gives what its graph computes', async () => {
    const white = await model.run(frame(0, { grey: 255, camera: camera('simulated') }), ['depth']);
    expect(white.depth?.provenance).toBe('metric');
    expect(white.depth?.metres[17]).toBeCloseTo(Math.sqrt(0.9), 5);
    const grey = await model.run(frame(0, { grey: 51 }), ['depth']);
    expect(grey.depth?.metres[0]).toBeCloseTo(Math.sqrt(0.1), 5);
  });

  it('reports NaN of the graph as a failure of that frame alone', async () => {
    await expect(model.run(frame(0, { grey: 0 }), ['depth'])).rejects.toMatchObject({
      code: 'inference-failed',
      message: expect.stringMatching(/output depth.depth holds (\d+) of \1 values that are NaN/),
    });
    await expect(model.run(frame(0, { grey: 200 }), ['depth'])).resolves.toBeDefined();
  });

  it('replaces one stream of another model', async () => {
    const both = withEstimator(await loadModel(fixture('tiny-unified'), { device: 'cpu', isolation: 'thread', threads: 1 }), model);
    expect(both.modalities).toHaveLength(5);
    const p = await both.run(frame(0, { grey: 255 }), ['depth', 'segmentation']);
    expect(p.depth?.metres[0]).toBeCloseTo(Math.sqrt(0.9), 5);
    expect(p.segmentation).toMatchObject({ width: 48, classes: both.classes });
  });
});

describe('loadModel', () => {
  it('names what is missing, damaged or impossible', async () => {
    await expect(loadModel('no-such-model')).rejects.toMatchObject({ code: 'model-missing', message: expect.stringContaining('no model "no-such-model" in ') });
    await expect(loadModel(fixture('tiny-unified'), { device: 'gpu' as 'cpu' })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(loadModel(fixture('tiny-unified'), { threads: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(loadModel(fixture('tiny-unified'), { size: { width: 5000, height: 32 } })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('5000 is not a whole number from 32 to 2048') });
    await expect(loadModel(fixture('tiny-unified'), { size: { width: 100, height: 64 } })).rejects.toMatchObject({
      code: 'bad-argument', message: 'size 100x64 does not suit model tiny-unified: 100 is not a multiple of 16', hint: 'Sides are multiples of 16 from 32 to 2048; near to it is 96x64.',
    });
    const { folder, remove } = fixtureCopy('tiny-unified');
    appendFileSync(join(folder, 'depth.onnx'), 'x');
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-damaged' });
    remove();
  });

  it('says so when a file is whole but no graph', async () => {
    const { folder, remove } = fixtureCopy('tiny-depth-estimator');
    const junk = 'this is no ONNX graph';
    writeFileSync(join(folder, 'depth.onnx'), junk);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: { bytes: number; sha256: string }[] };
    Object.assign(manifest.files[0] as object, { bytes: junk.length, sha256: createHash('sha256').update(junk).digest('hex') });
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(loadModel(folder, { device: 'cpu' })).rejects.toMatchObject({ code: 'model-damaged', message: expect.stringContaining('cannot be loaded on cpu') });
    remove();
  });

  it('finds models by name in SEXTANT_MODELS', async () => {
    const { folder, remove } = fixtureCopy('tiny-depth-estimator');
    process.env.SEXTANT_MODELS = join(folder, '..');
    const model = await loadModel('tiny-depth-estimator', { device: 'cpu', isolation: 'thread', threads: 1 });
    delete process.env.SEXTANT_MODELS;
    expect(model.modalities).toEqual(['depth']);
    await model.close();
    remove();
  });

  it('tries each device of auto and tells why it was refused', async () => {
    const model = await loadModel(fixture('tiny-unified'), { device: 'auto', threads: 1 });
    const order = ['cuda', 'webgpu', 'cpu'];
    expect([...model.device.refused.map((r) => r.device), model.device.name]).toEqual(order.slice(0, model.device.refused.length + 1));
    for (const { reason } of model.device.refused) expect(reason.length).toBeGreaterThan(10);
    if (model.device.name !== 'cpu') expect(model.device.check?.maxRel).toBeLessThan(0.03);
    await model.close();
  });
});
