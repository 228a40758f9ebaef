import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { resampleNearest } from '@sextant/core';
import type { FlowField, Frame, Perception } from '@sextant/core';
import { loadModel } from '@sextant/model';
import type { WorkerModel } from '@sextant/model';
import { Rng, createWorld } from '@sextant/world';
import type { WorldFrame } from '@sextant/world';

// What the committed model makes of cameras that are out of the ordinary, on rendered scenes whose truth is known. packages/model/test/robustness
// has the same cameras on painted pictures: there nothing may break, here it must be right within bounds.
jest.setTimeout(240_000);
const size = { width: 256, height: 192 };

const frameOf = (world: WorldFrame, sequence: number, rgb = world.rgb): Frame => ({ ...size, rgb, stamp: world.stamp, frameId: 'camera', sequence, camera: world.camera });
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
/** |ln z - ln z'| wherever both maps have a depth. */
const depthChange = (a: Perception, b: Perception): number[] => Array.from(a.depth!.metres, (z, i) => Math.abs(Math.log(z / b.depth!.metres[i]))).filter(Number.isFinite);

/** Motion of a perception against the world's: mean end-point error and mean length of the true motion, in pixels of the picture. */
function motionError({ width, height, pixels }: FlowField, flow: Float32Array): { error: number; length: number } {
  const scale = size.width / width;
  const truth = resampleNearest(flow, size.width, size.height, width, height, 2);
  const [errors, lengths]: [number[], number[]] = [[], []];
  for (let i = 0; i < truth.length; i += 2) {
    if (!Number.isFinite(truth[i])) continue;
    errors.push(Math.hypot(pixels[i] * scale - truth[i], pixels[i + 1] * scale - truth[i + 1]));
    lengths.push(Math.hypot(truth[i], truth[i + 1]));
  }
  return { error: mean(errors), length: mean(lengths) };
}

describe('odd cameras before rendered scenes', () => {
  let model: WorkerModel;
  let scene: WorldFrame;
  let seen: Perception;
  beforeAll(async () => {
    model = await loadModel(fileURLToPath(new URL('../../models/nano', import.meta.url)), { device: 'cpu', threads: 1, isolation: 'thread' });
    scene = createWorld({ seed: 800_110, ...size }).render(5);
    seen = await model.run(frameOf(scene, 0), model.modalities);
  });
  afterAll(() => model.close());

  it('a still one with a noisy sensor: no motion, and depth that hardly moves', async () => {
    const random = new Rng(1);
    const frames: Perception[] = [];
    for (let i = 0; i < 6; i++) {
      const rgb = Uint8Array.from(scene.rgb, (v) => Math.max(0, Math.min(255, Math.round(v + 5 * random.normal()))));
      frames.push(await model.run({ ...frameOf(scene, i, rgb), stamp: BigInt(i) * 33_333_333n }, ['depth', 'flow'], { stream: 'still' }));
    }
    for (let i = 2; i < frames.length; i++) {
      expect(mean(Array.from(frames[i].flow!.pixels, Math.abs))).toBeLessThan(0.1);
      expect(median(depthChange(frames[i], frames[i - 1]))).toBeLessThan(0.04);
    }
  });

  it('a monochrome one sees nearly what a colour one sees', async () => {
    const grey = scene.rgb.map((_, i, rgb) => Math.round(0.299 * rgb[i - (i % 3)] + 0.587 * rgb[i - (i % 3) + 1] + 0.114 * rgb[i - (i % 3) + 2]));
    const mono = await model.run(frameOf(scene, 0, grey), model.modalities);
    expect(median(depthChange(mono, seen))).toBeLessThan(0.1);
    const { labels } = seen.segmentation!;
    expect(mean(Array.from(mono.segmentation!.labels, (label, i) => Number(label === labels[i])))).toBeGreaterThan(0.85);
  });

  it('one half burnt out is believed in its other half alone', async () => {
    const burnt = scene.rgb.map((v, i) => (Math.floor(i / 3) % size.width < size.width / 2 ? 255 : v));
    const { depth, segmentation } = await model.run(frameOf(scene, 0, burnt), ['depth', 'segmentation']);
    for (const [now, before] of [[depth!, seen.depth!], [segmentation!, seen.segmentation!]]) {
      const half = ({ width, confidence }: typeof now, left: boolean): number => mean(Array.from(confidence!).filter((_, i) => i % width < width / 2 === left));
      expect(half(now, true)).toBeLessThan(0.2 * half(before, true));
      expect(half(now, false)).toBeGreaterThan(0.9 * half(before, false));
    }
    // Motion is not believed there either; what was hidden before is still told apart from what cannot be seen.
    const twice = async (rgb?: Uint8Array): Promise<FlowField> => {
      const stream = rgb ? 'burnt' : 'plain';
      await model.run({ ...frameOf(scene, 0, rgb), stamp: 0n }, ['flow'], { stream });
      return (await model.run({ ...frameOf(scene, 1, rgb), stamp: 33_333_333n }, ['flow'], { stream })).flow!;
    };
    const flow = await twice(burnt);
    const half = (values: Float32Array, left: boolean): number => mean(Array.from(values).filter((_, i) => i % flow.width < flow.width / 2 === left));
    expect(half(flow.confidence!, true)).toBeLessThan(0.3);
    expect(half(flow.visibility!, true)).toBeGreaterThan(0.8);
    expect(half(flow.confidence!, false)).toBeGreaterThan(0.8);
    expect((await twice()).visibility).toBeUndefined();
  });

  it.each([[5, 0.2], [120, 0.5]])('one of %d Hz: motion is right within %d of its length, and depth goes on', async (fps, share) => {
    const world = createWorld({ seed: 800_112, ...size, fps });
    const start = Math.round(0.4 * fps);
    const errors: { error: number; length: number }[] = [];
    const depths: number[] = [];
    for (let i = 0; i < 4; i++) {
      const truth = world.render(start + i);
      const { flow, depth, reset } = await model.run(frameOf(truth, i), ['depth', 'flow'], { stream: fps });
      expect(reset).toBe(i === 0 ? 'start' : undefined);
      if (flow) errors.push(motionError(flow, truth.flow));
      const metres = resampleNearest(truth.depth, size.width, size.height, depth!.width, depth!.height);
      depths.push(median(Array.from(depth!.metres, (z, i) => Math.abs(Math.log(z / metres[i]))).filter(Number.isFinite)));
    }
    expect(errors).toHaveLength(3);
    expect(mean(errors.map(({ error }) => error))).toBeLessThan(share * mean(errors.map(({ length }) => length)));
    expect(Math.max(...depths)).toBeLessThan(depths[0] + 0.15);
  });

  it('40 people on a square: a good part of those in view, each once', async () => {
    const world = createWorld({ seed: 800_123, ...size, wishes: { people: [12, 40], place: 'square' } });
    const crowd = world.render(5);
    expect(crowd.people.filter(({ box }) => box[2] > 0).length).toBeGreaterThan(20);
    const { segmentation, skeleton } = await model.run(frameOf(crowd, 0), model.modalities);
    const { width, height, labels, classes } = segmentation!;
    const person = classes.find(({ name }) => name === 'person')!.id;
    const truth = resampleNearest(crowd.labels, size.width, size.height, width, height);
    let [all, found] = [0, 0];
    labels.forEach((label, i) => {
      if (world.classes[truth[i]].name !== 'person') return;
      all++;
      found += Number(label === person);
    });
    expect(found / all).toBeGreaterThan(0.4);
    const ids = skeleton!.people.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
