import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dropCounter, type Frame, type Modality, type Perception } from '@sextant/core';
import { from, lastValueFrom, toArray } from 'rxjs';
import { fixture, frame } from '../test/helpers.js';
import { estimate } from './estimate.js';
import { loadModel } from './load-model.js';
import type { Model, RunOptions } from './model.js';
import { withEstimator } from './with-estimator.js';

jest.setTimeout(60_000);

// tiny-memory says how much it remembers: depth = frames that `rgb` saw in a row + 100 * those that `modality` (which reads task.*) saw.
const small = { device: 'cpu', threads: 1 } as const;
const still = (sequence: number, size: { width?: number; height?: number } = {}): Frame => ({ ...frame(1, size), sequence, stamp: BigInt(sequence) * 33_000_000n });
const counted = ({ depth }: Perception): number => depth?.metres[0] ?? NaN;

describe('state', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-memory'), { ...small, isolation: 'thread' });
  });
  afterAll(() => model.close());
  const count = async (input: Frame, options: RunOptions = { stream: 's' }, modalities: readonly Modality[] = ['depth']): Promise<number> =>
    counted(await model.run(input, modalities, options));

  it('is zero at first and then what the pass before gave, stream by stream', async () => {
    expect([await count(still(0)), await count(still(1)), await count(still(2))]).toEqual([101, 202, 303]);
    expect(await count(still(3), { stream: 'other' })).toBe(101);
    expect(await count(still(3))).toBe(404);
    expect(await count(still(4), {})).toBe(101); // no stream, no memory
    model.forget('s');
    expect(await count(still(4))).toBe(101);
  });

  it('is forgotten in the order of the calls, whoever waits', async () => {
    const [first, again] = [count(still(0), { stream: 'f' }), count(still(1), { stream: 'f' })];
    model.forget('f');
    const after = count(still(2), { stream: 'f' });
    expect(await Promise.all([first, again, after])).toEqual([101, 202, 101]);
    model.forget('f');
  });

  it('is that of each of many streams by turns', async () => {
    const streams = Array.from({ length: 40 }, (_, i) => `camera ${i}`);
    const seen: number[][] = [];
    for (const i of [0, 1]) seen.push(await Promise.all(streams.map((stream) => count(still(i), { stream }))));
    for (const stream of streams) model.forget(stream);
    expect(seen).toEqual([streams.map(() => 101), streams.map(() => 202)]);
  });

  it('stays in order when frames are handed over without waiting', async () => {
    const results = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => count(still(i), { stream: i % 2 })));
    expect(results).toEqual([101, 101, 202, 202, 303, 303]);
    const seen = await lastValueFrom(from([0, 1, 2, 3].map((i) => still(i))).pipe(estimate(model, ['depth'], { concurrency: 2, drops: dropCounter() }), toArray()));
    expect(seen.map(counted)).toEqual(seen.map((_, i) => 101 * (i + 1)));
    expect(seen.length).toBeGreaterThan(1);
  });

  it('is dropped by another size, another focal length, a pause and a step back, and each is told and counted', async () => {
    const before = model.health.resets;
    const camera = (fx: number): Frame['camera'] => ({
      width: 96, height: 64, distortionModel: 'none', d: [], k: [fx, 0, 48, 0, fx, 32, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [fx, 0, 48, 0, 0, fx, 32, 0, 0, 0, 1, 0], provenance: 'calibrated',
    });
    const steps: [Frame, number, Perception['reset']][] = [
      [still(0), 101, 'start'], [still(1), 202, undefined], [still(2, { width: 48, height: 32 }), 101, 'size'], [still(3), 101, 'size'], [still(4), 202, undefined],
      [{ ...still(5), camera: camera(120) }, 101, 'size'], [{ ...still(6), camera: camera(120.5) }, 202, undefined],
      [{ ...still(60), camera: camera(120.5) }, 101, 'gap'], [{ ...still(59), camera: camera(120.5) }, 101, 'gap'], [{ ...still(59), camera: camera(120.5) }, 101, 'gap'],
    ];
    for (const [input, depth, reset] of steps) {
      const p = await model.run(input, ['depth', 'flow'], { stream: 'r' });
      expect([counted(p), p.reset]).toEqual([depth, reset]);
      expect(p.flow === undefined).toBe(reset !== undefined);
    }
    const now = model.health.resets;
    const times = (reason: 'start' | 'size' | 'gap' | 'cut') => (now[reason] ?? 0) - (before[reason] ?? 0);
    expect([times('start'), times('size'), times('gap'), times('cut')]).toEqual([1, 3, 3, 0]);
  });

  it('goes with a cut to another scene, for flow as well', async () => {
    const scene = (sequence: number, red: boolean): Frame => {
      const f = still(sequence);
      const rgb = f.rgb.map((_, i) => {
        const [x, y, c] = [Math.floor(i / 3) % 96, Math.floor(i / 288), i % 3];
        return red ? (c === 0 ? 40 + 3 * y : 20) : (x >> 4) % 2 === 0 ? 30 : c === 2 ? 250 : 120;
      });
      return { ...f, rgb };
    };
    const results: [number, Perception['reset'], boolean][] = [];
    for (const [i, red] of [true, true, false, false, true, false].entries()) {
      const p = await model.run(scene(i, red), ['depth', 'flow'], { stream: 'cut' });
      results.push([counted(p), p.reset, p.flow !== undefined]);
    }
    expect(results).toEqual([[101, 'start', false], [202, undefined, true], [101, 'cut', false], [202, undefined, true], [101, 'cut', false], [101, 'cut', false]]);
  });

  it('of graphs that depend on the task goes with another set of modalities, and other state stays', async () => {
    const options = { stream: 'task' };
    expect([await count(still(0), options), await count(still(1), options)]).toEqual([101, 202]);
    const other = await model.run(still(2), ['depth', 'flow'], options);
    expect([counted(other), other.reset]).toEqual([103, undefined]);
    expect(await count(still(3), options, ['flow', 'depth'])).toBe(204);
    expect(model.health.resets.modalities).toBe(1);
  });

  it('is neither used nor kept without memory, while flow goes on', async () => {
    const alone = { stream: 'alone', memory: false };
    await count(still(0), { stream: 'alone' }, ['depth', 'flow']);
    const p = await model.run(still(1), ['depth', 'flow'], alone);
    expect([counted(p), p.reset, p.flow?.pixels.every((v) => v === 0)]).toEqual([101, undefined, true]);
    expect([await count(still(2), alone), await count(still(3), { stream: 'alone' }), await count(still(4), { stream: 'alone' })]).toEqual([101, 101, 202]);
    const seen = await lastValueFrom(from([0, 1, 2].map((i) => still(i))).pipe(estimate(model, ['depth'], { policy: 'every', memory: false }), toArray()));
    expect(seen.map(counted)).toEqual([101, 101, 101]);
  });

  it('is counted through withEstimator', async () => {
    const both = withEstimator(await loadModel(fixture('tiny-memory'), { ...small, isolation: 'thread' }), await loadModel(fixture('tiny-depth-estimator'), { ...small, isolation: 'thread' }));
    const p = await both.run(frame(0, { grey: 200 }), ['depth', 'flow'], { stream: 1 });
    expect(p.reset).toBe('start');
    expect(both.health.resets).toEqual({ start: 2 });
    await both.close();
  });
});

describe('state in a worker that dies', () => {
  it('starts from zero in the next one', async () => {
    const model = await loadModel(fixture('tiny-memory'), { ...small, restarts: { perMinute: 2, firstDelayMs: 10 } });
    const counts: number[] = [];
    for (const i of [0, 1, 2]) counts.push(counted(await model.run(still(i), ['depth'], { stream: 1 })));
    const running = model.run(still(3), ['depth'], { stream: 1 }).then(counted, () => NaN); // lost, or just in time
    process.kill(model.health.pid as number, 'SIGKILL');
    await running;
    for (const i of [4, 5]) counts.push(counted(await model.run(still(i), ['depth'], { stream: 1 })));
    expect(counts).toEqual([101, 202, 303, 101, 202]);
    expect(model.health).toMatchObject({ restarts: 1, resets: { start: 2 } });
    await model.close();
  });
});
