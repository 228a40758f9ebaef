import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { lastValueFrom, of, toArray } from 'rxjs';
import { fixture, frame } from '../../test/helpers.js';
import { estimate } from '../estimate.js';
import { loadModel } from '../load-model.js';
import { MIRRORED_JOINTS } from '../codecs/facing.js';
import type { CodecSpec } from '../manifest/schema.js';
import { DENSEPOSE_PARTS } from '../metrics/densepose-breakdown.js';
import type { WorkerModel } from '../model.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { combine } from './combine.js';
import { MIRRORED_PARTS, mirrorPicture } from './mirror.js';
import { resizePlane } from './resize-plane.js';
import { toFirstView } from './to-first-view.js';
import { MOST_STEPS, checkSteps, gridOf } from './view.js';

const floats = (dims: readonly number[], ...data: readonly number[]): NamedTensor => ({ name: 'x', type: 'float32', data: Float32Array.from(data), dims });
const bytes = (dims: readonly number[], ...data: readonly number[]): NamedTensor => ({ name: 'x', type: 'uint8', data: Uint8Array.from(data), dims });
const grid = { width: 4, height: 2, focal: 10 };
const values = (tensors: readonly NamedTensor[]): number[][] => tensors.map(({ data }) => Array.from(data as Float32Array, (v) => Math.round(v * 1e5) / 1e5));

describe('mirroring', () => {
  it('turns pixels, not their channels', () => {
    expect(mirrorPicture(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 2, 3)).toEqual(Uint8Array.of(4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9));
  });

  it('exchanges sides of joints and parts, twice is as before', () => {
    expect(MIRRORED_JOINTS.map((j) => MIRRORED_JOINTS[j])).toEqual(MIRRORED_JOINTS.map((_, j) => j));
    expect(MIRRORED_PARTS.map((part) => MIRRORED_PARTS[part])).toEqual(DENSEPOSE_PARTS.map((_, part) => part));
    expect([1, 3, 22].map((part) => DENSEPOSE_PARTS[MIRRORED_PARTS[part]])).toEqual(['torso back', 'left hand', 'left forearm front']);
  });
});

const PARTS: CodecSpec = { type: 'part-uv', frontThreshold: 0.5 };

describe('toFirstView', () => {
  it('brings depth of another focal length into the first view\'s terms', () => {
    const like = [floats([1, 3, 1, 2], 0, 0, 0, 0, 0, 0)];
    const seen = [floats([1, 3, 1, 2], 1, 2, 3, 4, 5, 6)];
    expect(values(toFirstView({ type: 'canonical-depth', referenceFocal: 200, skyThreshold: 0.5 }, seen, like, true, { ...grid, focal: 20 }, grid))).toEqual([[2 + Math.log(2), 1 + Math.log(2), 4, 3, 6, 5].map((v) => Math.round(v * 1e5) / 1e5)]);
  });

  it('turns motion round and scales it', () => {
    const like = [floats([1, 3, 1, 2], 0, 0, 0, 0, 0, 0)];
    expect(values(toFirstView({ type: 'grid-flow' }, [floats([1, 3, 1, 2], 2, 4, 6, 8, 1, 3)], like, true, { width: 8, height: 4, focal: 20 }, grid))).toEqual([[-2, -1, 4, 3, 3, 1]]);
  });

  it('exchanges left and right of joints and parts; u runs the other way', () => {
    const pose: CodecSpec = { type: 'centre-offset-pose', offsetScale: 32, centreThreshold: 0.3, jointThreshold: 0.1, voteRadius: 0.15, frontThreshold: 0.5, frontWeight: 1 };
    const planes = Array.from({ length: 20 }, (_, c) => c);
    expect(values(toFirstView(pose, [floats([1, 20, 1, 1], ...planes)], [floats([1, 20, 1, 1], ...planes)], true, grid, grid))[0]).toEqual([...MIRRORED_JOINTS, 17, -18, 19]);
    // Which side is seen, and of a pair in the picture's order which is which, are the same in a mirror.
    const sides = floats([1, 8, 1, 2], ...Array.from({ length: 16 }, (_, i) => i));
    const outputs = [floats([1, 20, 1, 2], ...new Array<number>(40).fill(0)), floats([1, 1, 1, 2], 5, 6), sides];
    expect(values(toFirstView(pose, outputs, outputs, true, grid, grid)).slice(1)).toEqual([[6, 5], Array.from({ length: 16 }, (_, i) => i ^ 1)]);
    const seen = [bytes([1, 1, 2], 3, 0), floats([1, 2, 1, 2], 0.25, 0, 0.5, 0)];
    expect(values(toFirstView(PARTS, seen, seen, true, grid, grid))).toEqual([[0, 4], [1, 0.75, 0, 0.5]]);
    const told = [...seen, floats([1, 1, 1, 2], 7, -7)];
    expect(values(toFirstView(PARTS, told, told, true, grid, grid))[2]).toEqual([-7, 7]);
  });

  it('takes the first view\'s size: ids by nearest sample, values bilinearly', () => {
    const like = [bytes([1, 1, 2], 0, 0), floats([1, 1, 2], 0, 0)];
    const seen = [bytes([1, 2, 4], 1, 1, 2, 2, 1, 1, 2, 2), floats([1, 2, 4], 0, 2, 4, 6, 0, 2, 4, 6)];
    expect(values(toFirstView({ type: 'labels', minArea: 12 }, seen, like, false, grid, grid))).toEqual([[1, 2], [1, 5]]);
    expect(Array.from(resizePlane(Float32Array.of(0, 4), 2, 1, 4, 1))).toEqual([0, 1, 3, 4]);
  });
});

describe('combine', () => {
  it('takes means of values, and of ids what most probability stands behind', () => {
    expect(values(combine({ type: 'grid-flow' }, [[floats([1, 3, 1, 1], 1, 2, 3)], [floats([1, 3, 1, 1], 3, 4, 9)]]))).toEqual([[2, 3, 6]]);
    const said = (a: number, pa: number, b: number, pb: number): NamedTensor[] => [bytes([1, 1, 2], a, b), floats([1, 1, 2], pa, pb)];
    expect(values(combine({ type: 'labels', minArea: 12 }, [said(1, 0.5, 1, 0.5), said(2, 0.75, 2, 0.625), said(3, 0.25, 1, 0.25)]))).toEqual([[2, 1], [0.25, 0.25]]);
    const parts = (...ids: number[]): NamedTensor[] => [bytes([1, 1, 2], ...ids), floats([1, 2, 1, 2], ...ids.map((id) => id / 8), ...ids.map((id) => id / 4))];
    expect(values(combine(PARTS, [parts(1, 2), parts(3, 4), parts(3, 5)]))).toEqual([[3, 2], [0.375, 0.25, 0.75, 0.5]]);
    const told = (id: number, front: number): NamedTensor[] => [...parts(id, id), floats([1, 1, 1, 1], front)];
    expect(values(combine(PARTS, [told(1, 2), told(3, -1), told(3, 5)]))[2]).toEqual([2]);
  });
});

describe('steps', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-unified'), { device: 'cpu', threads: 1, isolation: 'thread' });
  });
  afterAll(() => model.close());
  const mirrored = (one: Frame): Frame => ({ ...one, rgb: mirrorPicture(one.rgb, one.width, 3) });

  it('of two are the mean of a frame and its mirror image', async () => {
    const plain = (await model.run(frame(3), ['depth'])).depth!;
    const other = (await model.run(mirrored(frame(3)), ['depth'])).depth!;
    const both = (await model.run(frame(3), ['depth'], { steps: 2 })).depth!;
    const back = mirrorPicture(other.metres, other.width, 1);
    expect(Array.from(plain.metres)).not.toEqual(Array.from(back));
    // Where either says sky the mean of the logits decides.
    const sure = [...both.metres.keys()].filter((i) => plain.metres[i] > 0 && back[i] > 0);
    expect(sure.length).toBeGreaterThan(100);
    for (const i of sure) expect(Math.log(both.metres[i])).toBeCloseTo((Math.log(plain.metres[i]) + Math.log(back[i])) / 2, 4);
  });

  it('give every modality at the first view\'s size, with the motion of a stream', async () => {
    const run = (steps: number) => lastValueFrom(of(frame(0), frame(1)).pipe(estimate(model, model.modalities, { policy: 'every', steps }), toArray()));
    const [one, three] = [await run(1), await run(3)];
    expect(three[0].flow).toBeUndefined();
    for (const modality of ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'] as const) {
      expect([three[1][modality]!.width, three[1][modality]!.height]).toEqual([one[1][modality]!.width, one[1][modality]!.height]);
    }
    expect(three[1].flow!.pixels).not.toEqual(one[1].flow!.pixels);
  });

  it('count for motion from their second frame on, where a stream goes up to more of them', async () => {
    const flows = async (...steps: number[]) => {
      const pixels: (Float32Array | undefined)[] = [];
      for (const [i, count] of steps.entries()) pixels.push((await model.run(frame(i), ['flow', 'depth'], { stream: steps.join(), steps: count })).flow?.pixels);
      return pixels;
    };
    const [one, two, up] = [await flows(1, 1, 1), await flows(2, 2, 2), await flows(1, 3, 3)];
    expect(up[1]!.some((v) => v !== 0)).toBe(true);
    expect(up[1]).toEqual(one[1]);
    expect(two[1]).not.toEqual(one[1]);
    expect((await flows(2, 1, 2))[2]).toEqual(one[2]);
    expect((await flows(2, 2, 3))[2]).toEqual(two[2]);
    expect(up[2]).not.toEqual(one[2]);
  });

  it('are those of close-ups too, and skeletons come only where they are asked for', async () => {
    const alone = await model.run(frame(2), ['segmentation'], { closeUps: 2, steps: 2 });
    expect(Object.keys(alone).filter((key) => key === 'skeleton' || key === 'segmentation')).toEqual(['segmentation']);
    expect((await model.run(frame(2), ['depth'], { closeUps: 2 })).depth).toEqual((await model.run(frame(2), ['depth'])).depth);
    await expect(model.run(frame(0), ['skeleton'], { closeUps: 33 })).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('that cannot be are refused', async () => {
    for (const steps of [0, MOST_STEPS + 1, 1.5, NaN]) await expect(model.run(frame(0), ['depth'], { steps })).rejects.toMatchObject({ code: 'bad-argument', message: `an estimation takes 1 to ${MOST_STEPS} steps, not ${steps}` });
    const relative = { name: 'mine', modalities: { depth: { graph: 'g', outputs: ['o'], codec: { type: 'relative-depth' as const } } } };
    expect(() => checkSteps(2, ['depth'], relative)).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('depth of model mine') }));
    expect(() => checkSteps(1, ['depth'], relative)).not.toThrow();
  });

  it('take grids that the model can', () => {
    const input = { multipleOf: 32, min: 64, max: 320, width: 256, height: 192, channels: 'rgb' } as const;
    expect(gridOf({ mirrored: false, scale: 1.25 }, { width: 256, height: 192 }, input)).toEqual({ width: 320, height: 256 });
    expect(gridOf({ mirrored: false, scale: 1.25 }, { width: 320, height: 192 }, input)).toEqual({ width: 320, height: 256 });
  });
});
