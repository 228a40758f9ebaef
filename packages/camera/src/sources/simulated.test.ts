import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { ManualClock } from '../../test/manual-clock.js';
import { readCameraInfo } from '../calibration/camera-info-file.js';
import { rectify } from '../operators/rectify.js';
import { probeSource } from '../probe-source.js';
import { planLens } from '../sim/lens.js';
import type { SimRenderer, SimScene } from '../sim/protocol.js';
import { worldRenderer } from '../sim/world-renderer.js';
import { simulated } from './simulated.js';
import type { SimulatedOptions } from './simulated.js';

const camera = { width: 2, height: 1, distortionModel: 'none', d: [], k: [1, 0, 0, 0, 1, 0, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], provenance: 'simulated' } as const;

/** Draws its instant's number, taking `cost` milliseconds of the clock; keeps a log. */
function numberRenderer(clock: ManualClock, cost: (index: number) => number, log: string[]): () => SimRenderer {
  return () => ({
    open: (scene: SimScene) => {
      log.push(`open ${scene.seed}`);
      return Promise.resolve({ camera, caption: 'a number' });
    },
    render: (index) => {
      log.push(`render ${index}`);
      clock.advance(cost(index));
      return Promise.resolve(new Uint8Array(6).fill(index));
    },
    close: () => log.push('close'),
  });
}
const run = (options: SimulatedOptions, count: number, clock: ManualClock): Promise<Frame[]> => lastValueFrom(simulated({ width: 2, height: 1, ...options }, clock).pipe(take(count), toArray()));

describe('simulated: time', () => {
  it('runs at its rate when rendering is fast', async () => {
    const [clock, log]: [ManualClock, string[]] = [new ManualClock(), []];
    const frames = await run({ fps: 10, renderer: numberRenderer(clock, () => 20, log) }, 4, clock);
    expect(frames.map((f) => [f.sequence, f.rgb[0], f.stamp / 1_000_000n])).toEqual([[0, 0, 0n], [1, 1, 100n], [2, 2, 200n], [3, 3, 300n]]);
    expect(clock.sleeps.every((ms) => ms > 0 && ms <= 100)).toBe(true);
    expect(log.at(-1)).toBe('close');
  });

  it('skips time when rendering is slow, and when a consumer is', async () => {
    const [clock, log]: [ManualClock, string[]] = [new ManualClock(), []];
    const slow = await run({ fps: 10, renderer: numberRenderer(clock, (i) => (i === 0 ? 0 : 250), log) }, 4, clock);
    const sequence = slow.map((f) => f.sequence);
    expect(sequence.slice(1).every((s, i) => s - sequence[i] >= 1 && s - sequence[i] <= 3)).toBe(true);
    expect(sequence[3]).toBeGreaterThanOrEqual(5);
    expect(log.filter((line) => line.startsWith('render')).length).toBeLessThanOrEqual(5); // what is skipped is not drawn

    const quick = new ManualClock();
    const seen: number[] = [];
    await new Promise<void>((resolve) =>
      simulated({ width: 2, height: 1, fps: 10, renderer: numberRenderer(quick, () => 1, []) }, quick).pipe(take(5)).subscribe({
        next: (frame) => {
          seen.push(frame.sequence);
          if (frame.sequence === 1) quick.advance(1000);
        },
        complete: resolve,
      }),
    );
    // One more was drawn ahead while the consumer worked; then time goes on from where it is.
    expect(seen.slice(0, 3)).toEqual([0, 1, 2]);
    expect(seen[3]).toBeGreaterThanOrEqual(11);
  });

  it('gives every instant when not in real time, and starts where told', async () => {
    const clock = new ManualClock();
    const frames = await run({ fps: 10, realtime: false, start: 5, renderer: numberRenderer(clock, () => 5000, []) }, 3, clock);
    expect(frames.map((f) => f.sequence)).toEqual([5, 6, 7]);
    expect(clock.sleeps).toEqual([]);
  });

  it('moves to the next world every so often', async () => {
    const [clock, log]: [ManualClock, string[]] = [new ManualClock(), []];
    const frames = await run({ fps: 10, seed: 4294967295, sceneSeconds: 0.2, realtime: false, renderer: numberRenderer(clock, () => 0, log) }, 5, clock);
    expect(frames.map((f) => [f.sequence, f.rgb[0]])).toEqual([[0, 0], [1, 1], [2, 0], [3, 1], [4, 0]]);
    expect(log.filter((line) => line.startsWith('open'))).toEqual(['open 4294967295', 'open 0', 'open 1']);
  });

  it('refuses what cannot be, where it is made', () => {
    for (const options of [{ seed: -1 }, { seed: 2 ** 32 }, { seed: 0.5 }, { width: 0 }, { fps: 0 }, { fovDegrees: 170 }, { sceneSeconds: -1 }]) {
      expect(() => simulated(options)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    }
  });
});

describe('simulated: the lens', () => {
  it('is taken out again by rectify: the picture comes back', async () => {
    const [width, height] = [64, 48];
    const plan = planLens({ model: 'plumb_bob', d: [-0.2, 0.05, 0, 0, 0] }, width, height, 70);
    const { render } = plan;
    expect(render.width).toBeGreaterThan(width); // barrel distortion sees more
    const scene = (x: number, y: number): number => 128 + 90 * Math.sin(x / 6) * Math.cos(y / 5);
    const ideal = (w: number, h: number): Uint8Array =>
      Uint8Array.from({ length: w * h * 3 }, (_, i) => scene((Math.floor(i / 3) % w) - (w - 1) / 2, Math.floor(i / 3 / w) - (h - 1) / 2));
    const bent = { stamp: 0n, frameId: 'c', sequence: 0, width, height, rgb: plan.remap(ideal(render.width, render.height)), camera: plan.camera };
    const [straight] = await lastValueFrom(rectify()(new (await import('rxjs')).Observable<Frame>((s) => (s.next(bent), s.complete()))).pipe(toArray()));
    const expected = ideal(width, height);
    let [sum, off] = [0, 0];
    for (let i = 0; i < expected.length; i += 1) {
      sum += Math.abs(straight.rgb[i] - expected[i]);
      off += Math.abs(bent.rgb[i] - expected[i]);
    }
    expect(sum / expected.length).toBeLessThan(2); // twice interpolated
    expect(off / expected.length).toBeGreaterThan(8); // and there was something to take out
  });

  it('is refused when some pixel would see too far', () => {
    expect(() => planLens({ model: 'equidistant', d: [0, 0, 0, 0] }, 32, 24, 120)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});

describe('simulated: the world', () => {
  const small: SimulatedOptions = { seed: 3, width: 64, height: 48, realtime: false };

  it('has the camera that calibration/sim.yaml describes', async () => {
    const { camera: model } = await firstValueFrom(simulated({ seed: 1, realtime: false, renderer: worldRenderer }));
    const file = await readCameraInfo(join(import.meta.dirname, '../../../../calibration/sim.yaml'));
    expect([model!.width, model!.height, model!.distortionModel, model!.provenance]).toEqual([file.width, file.height, file.distortionModel, 'simulated']);
    expect(await probeSource('sim:1')).toEqual({ kind: 'sim', live: true, width: file.width, height: file.height, fps: 15 });
    for (const key of ['k', 'r', 'p'] as const) model![key].forEach((value, i) => expect(value).toBeCloseTo(file[key][i], 9));
  }, 60_000);

  it('wears a sensor drawn from the seed: noise differs from instant to instant and comes back the same', async () => {
    const at = async (sensor: 'random' | 'ideal', index: number): Promise<Uint8Array> => {
      const renderer = worldRenderer();
      await renderer.open({ seed: 3, width: 64, height: 48, fps: 15, fovDegrees: 70, ...(sensor === 'random' && { sensor }) });
      return renderer.render(index);
    };
    const [ideal, worn, again] = [await at('ideal', 1), await at('random', 1), await at('random', 1)];
    expect(worn).toEqual(again);
    const off = worn.reduce((sum, value, i) => sum + Math.abs(value - ideal[i]), 0) / worn.length;
    expect(off).toBeGreaterThan(1);
    expect(off).toBeLessThan(60);
  }, 60_000);

  const built = existsSync(join(import.meta.dirname, '../../dist/sim-worker.js'));
  (built ? it : it.skip)(`renders in a worker, the same every time, while the event loop goes on${built ? '' : ' (skipped: the package is not built)'}`, async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 5);
    const [once, again] = [await run(small, 2, new ManualClock()), await run(small, 2, new ManualClock())];
    clearInterval(ticking);
    expect(once.map((f, i) => Buffer.compare(f.rgb, again[i].rgb))).toEqual([0, 0]);
    expect(Buffer.compare(once[0].rgb, once[1].rgb)).not.toBe(0); // the camera moves
    expect(once[0].camera).toMatchObject({ width: 64, height: 48, provenance: 'simulated' });
    expect(ticks).toBeGreaterThan(5); // the event loop went on meanwhile
  }, 60_000);

  (built ? it : it.skip)(`says what is wrong with the assets${built ? '' : ' (skipped: the package is not built)'}`, async () => {
    await expect(firstValueFrom(simulated({ ...small, assets: join(import.meta.dirname, 'no-such-folder') }))).rejects.toMatchObject({ name: 'SextantError' });
  }, 60_000);
});
