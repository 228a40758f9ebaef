import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DepthMap, SextantError } from '@sextant/core';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { fixture, frame } from '../../test/helpers.js';
import { loadModel } from '../load-model.js';
import type { WorkerModel } from '../model.js';
import type { Condition } from './conditions.js';
import { generate, joint, type GenerateOptions, type GeneratedFrame } from './generate.js';

jest.setTimeout(60_000);

const SIZE = { width: 48, height: 32 };
const depthOf = (index: number): Pick<DepthMap, 'width' | 'height' | 'metres'> => ({ ...SIZE, metres: Float32Array.from({ length: 48 * 32 }, (_, i) => 1 + ((i + 7 * index) % 48) / 10) });
const options = (more: Partial<GenerateOptions> = {}): GenerateOptions => ({ frames: 3, modalities: ['depth'], prompt: 'a red dog', seed: 7, condition: (i) => ({ depth: depthOf(i) }), ...more });

describe('generate', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-generator'), { device: 'cpu', threads: 1, isolation: 'thread' });
  });
  afterAll(() => model.close());
  const run = (more: Partial<GenerateOptions> = {}): Promise<GeneratedFrame[]> => lastValueFrom(generate(model, options(more)).pipe(toArray()));
  const pictures = async (more: Partial<GenerateOptions> = {}): Promise<string[]> => (await run(more)).map(({ frame: f }) => Buffer.from(f.rgb).toString('hex'));
  const failure = (more: Partial<GenerateOptions>): Promise<SextantError> => run(more).then(() => { throw new Error('it worked'); }, (error: unknown) => error as SextantError);

  it('makes frames of the size asked for, one after another, with stamps', async () => {
    const made = await run({ fps: 10 });
    expect(made.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(made.map(({ frame: f }) => f.stamp)).toEqual([0n, 100_000_000n, 200_000_000n]);
    expect(made.map(({ frame: f }) => [f.width, f.height, f.rgb.length])).toEqual(new Array(3).fill([48, 32, 48 * 32 * 3]));
    const large = await run({ size: { width: 64, height: 64 }, frames: 1, condition: () => ({ depth: { width: 64, height: 64, metres: new Float32Array(64 * 64).fill(2) } }) });
    expect(large[0].frame.rgb).toHaveLength(64 * 64 * 3);
  });

  it('gives the same bytes for the same settings, and others for any other', async () => {
    const once = await pictures();
    expect(await pictures()).toEqual(once);
    const changed: Partial<GenerateOptions>[] = [
      { seed: 8 }, { prompt: 'a blue dog' }, { prompt: '' }, { steps: 5 }, { shift: 3 }, { sampler: 'heun' }, { sampler: 'renoise' }, { guidance: 4 }, { conditionGuidance: 3 },
      { negative: 'blue' }, { condition: (i) => ({ depth: depthOf(i + 1) }) }, { focal: 100 }, { condition: (i) => ({ depth: depthOf(i), palette: { ...SIZE, rgb: new Uint8Array(48 * 32 * 3).fill(90) } }) },
    ];
    for (const change of changed) expect([change, await pictures(change)]).not.toEqual([change, once]);
  });

  it('sees the frames before, and goes on from them after a stop as if there had been none', async () => {
    const whole = await run({ frames: 11 });
    const alone = await pictures({ frames: 1, condition: () => ({ depth: depthOf(10) }) });
    expect(Buffer.from(whole[10].frame.rgb).toString('hex')).not.toBe(alone[0]);
    const recent = whole.slice(1, 9).map(({ frame: f }) => ({ rgb: f.rgb }));
    const rest = await run({ frames: 11, first: 9, recent });
    expect(rest.map(({ index }) => index)).toEqual([9, 10]);
    expect(rest.map(({ frame: f }) => Buffer.compare(f.rgb, whole[f.sequence].frame.rgb))).toEqual([0, 0]);
    expect((await failure({ frames: 11, first: 9, recent: recent.slice(2) })).message).toBe('going on at frame 9 needs the 8 frames before, got 6');
  });

  it('takes several conditions at once, and says which it lacks', async () => {
    const labels = new Uint8Array(48 * 32).fill(1);
    const both = await pictures({ modalities: ['depth', 'segmentation'], condition: (i) => ({ depth: depthOf(i), segmentation: { ...SIZE, labels } }) });
    expect(both).not.toEqual(await pictures());
    expect(await failure({ modalities: ['depth', 'flow'] })).toMatchObject({ code: 'bad-argument', message: 'flow of frame 0 is missing' });
  });

  it.each<[string, Partial<GenerateOptions>, string, string]>([
    ['no steps', { steps: 0 }, 'bad-argument', 'steps is 0'],
    ['half a frame', { frames: 0.5 }, 'bad-argument', 'frames is 0.5'],
    ['a side off the grid', { size: { width: 50, height: 32 } }, 'bad-argument', '50 is not a multiple of 16'],
    ['memory that is not there', { memoryBytes: 1e6 }, 'too-large', 'MiB of memory (task generate), 1 MiB are free'],
    ['guidance without end', { guidance: Infinity }, 'bad-argument', 'guidance is Infinity'],
    ['a negative prompt in vain', { negative: 'blue', guidance: 1 }, 'bad-argument', 'no effect with guidance 1'],
    ['a negative prompt that would be made', { negative: 'blue', guidance: 0 }, 'bad-argument', 'with guidance 0 what a negative prompt names would be made'],
    ['a first frame before the clip', { first: -1 }, 'bad-argument', 'first is -1'],
    ['a first frame that is none', { first: NaN }, 'bad-argument', 'first is NaN'],
    ['a first frame after the clip', { first: 4 }, 'bad-argument', 'first is 4'],
    ['frames before the clip', { first: 1, recent: [1, 2].map(() => ({ rgb: new Uint8Array(48 * 32 * 3) })) }, 'bad-argument', '2 frames cannot lie before frame 1'],
    ['a word that means nothing here', { prompt: 'a quark' }, 'bad-argument', 'says "quark"'],
    ['ten thousand words', { prompt: 'dog '.repeat(10_000) }, 'too-large', '10000 words'],
    ['a condition of another size', { condition: () => ({ depth: { width: 8, height: 8, metres: new Float32Array(64).fill(1) } }) }, 'bad-argument', 'depth of frame 0 is 8x8, the frames are 48x32'],
    ['a depth map of nothing', { condition: () => ({ depth: { ...SIZE, metres: new Float32Array(48 * 32).fill(NaN) } }) }, 'bad-argument', 'holds no distance at all'],
    ['motion without end', { modalities: ['flow'], condition: () => ({ flow: { ...SIZE, pixels: new Float32Array(2 * 48 * 32).fill(-Infinity, 9, 10) } }) }, 'bad-argument', 'flow of frame 0 holds infinite motion'],
    ['a focal length of NaN', { condition: (i) => ({ depth: depthOf(i), focal: NaN }) }, 'bad-argument', 'focal length of frame 0 is NaN'],
    ['a focal length of 0', { condition: (i) => ({ depth: depthOf(i), focal: 0 }) }, 'bad-argument', 'focal length of frame 0 is 0'],
    ['a depth map with too few values', { condition: () => ({ depth: { ...SIZE, metres: new Float32Array(7).fill(1) } }) }, 'bad-argument', 'depth of frame 0 has 7 metres, its size needs 1536'],
    ['a body part that there is not', { modalities: ['densepose'], condition: () => ({ densepose: { ...SIZE, part: new Uint8Array(48 * 32).fill(99), u: new Uint8Array(48 * 32), v: new Uint8Array(48 * 32) } }) }, 'bad-argument', 'has body part 99'],
    ['a person of five joints', { modalities: ['skeleton'], condition: () => ({ skeleton: { ...SIZE, people: [{ id: 1, score: 1, box: [0, 0, 1, 1], keypoints: new Array(5).fill({ x: 1, y: 1, score: 1 }) }] } }) }, 'bad-argument', 'has a person of 5 joints'],
    ['a joint at NaN', { modalities: ['skeleton'], condition: () => ({ skeleton: { ...SIZE, people: [{ id: 1, score: 1, box: [0, 0, 1, 1], keypoints: [{ x: NaN, y: 1, score: 1 }] }] } }) }, 'bad-argument', 'has a joint at NaN'],
    ['a label of no class', { modalities: ['segmentation'], condition: () => ({ segmentation: { ...SIZE, labels: new Uint8Array(48 * 32).fill(77) } }) }, 'bad-argument', 'label 77 has no class'],
  ])('refuses %s', async (_, change, code, message) => {
    expect(await failure(change)).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await pictures({ frames: 1 })).toHaveLength(1); // and disturbs nothing else
  });

  it('tells of every step, with pictures where they are wanted', async () => {
    const steps: string[] = [];
    let preview = 0;
    await run({ frames: 2, previews: true, onProgress: ({ frame: f, frames, step, steps: all, preview: p }) => {
      steps.push(`${f}/${frames} ${step}/${all}`);
      preview += p?.rgb.length ?? 0;
    } });
    expect(steps).toEqual(['0/2 1/4', '0/2 2/4', '0/2 3/4', '0/2 4/4', '1/2 1/4', '1/2 2/4', '1/2 3/4', '1/2 4/4']);
    expect(preview).toBe(8 * 48 * 32 * 3);
  });

  it('stops at a step when nobody listens any more, and leaves the model free', async () => {
    const abort = new AbortController();
    let steps = 0;
    const before = performance.now();
    const frames = await lastValueFrom(generate(model, options({ frames: 1e9, steps: 1000, signal: abort.signal, onProgress: () => ++steps === 5 && abort.abort() })).pipe(toArray()));
    expect(frames).toEqual([]);
    expect(steps).toBeLessThan(100);
    expect((await firstValueFrom(generate(model, options({ frames: 1e9 })).pipe(take(2), toArray()))).length).toBe(2);
    expect((await model.run(frame(0), ['depth'])).depth?.width).toBeGreaterThan(0);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it.each<[string, (abort: AbortController, unsubscribe: () => void) => void]>([['unsubscribing', (_, unsubscribe) => unsubscribe()], ['an abort', (abort) => abort.abort()]])('tells of no step after %s', async (_, end) => {
    const abort = new AbortController();
    let steps = 0;
    await new Promise<void>((resolve) => {
      const onProgress = (): void => {
        if (++steps !== 5) return;
        end(abort, () => clip.unsubscribe());
        resolve();
      };
      const clip = generate(model, options({ frames: 1e9, steps: 1000, signal: abort.signal, onProgress })).subscribe();
    });
    await model.run(frame(0), ['depth']); // answered after all that the worker had to say of the clip
    expect(steps).toBe(5);
  });

  it('fails with the first error that onProgress throws, at that step, and leaves the model free', async () => {
    let told = 0;
    const full = new Error('the disk is full');
    const onProgress = (): void => {
      if (++told > 1) throw told === 2 ? full : new Error('told after the end');
    };
    expect(await failure({ frames: 1e9, steps: 1000, onProgress })).toBe(full);
    expect(told).toBe(2);
    const last = new Error('at the last step');
    expect(await failure({ frames: 1, onProgress: ({ step, steps }) => { if (step === steps) throw last; } })).toBe(last);
    expect(await pictures({ frames: 1 })).toHaveLength(1);
  });

  it('makes modalities beside pictures from a sentence alone', async () => {
    const settings = { frames: 2, modalities: ['depth', 'segmentation', 'flow', 'skeleton', 'densepose'] as const, prompt: 'a red dog', seed: 3 };
    const made = await lastValueFrom(joint(model, settings).pipe(toArray()));
    expect(Object.keys(made[1].maps).sort()).toEqual(['densepose', 'depth', 'flow', 'segmentation', 'skeleton']);
    expect(made[1].maps.depth).toMatchObject({ width: 48, height: 32, provenance: 'relative' });
    expect(made[1].maps.segmentation?.classes).toBe(model.classes);
    const rest = await lastValueFrom(joint(model, { ...settings, first: 1, recent: [{ rgb: made[0].frame.rgb, streams: made[0].streams! }] }).pipe(toArray()));
    expect(rest[0].frame.rgb).toEqual(made[1].frame.rgb);
    expect(rest[0].maps).toEqual(made[1].maps);
    await expect(lastValueFrom(joint(model, { ...settings, conditionGuidance: 2 }))).rejects.toThrow('no condition to be guided by');
    const goingOn = (streams: Float32Array): Promise<GeneratedFrame> => lastValueFrom(joint(model, { ...settings, first: 1, recent: [{ rgb: made[0].frame.rgb, streams }] }));
    await expect(goingOn(made[0].streams!.slice(1))).rejects.toMatchObject({ code: 'bad-argument', message: `streams of frame 0 have ${15 * 48 * 32 - 1} values, the frames of 48x32 need ${15 * 48 * 32}` });
    await expect(goingOn(made[0].streams!.map((x, i) => (i > 1 ? x : NaN)))).rejects.toMatchObject({ code: 'bad-argument', message: 'streams of frame 0 hold 2 values that are NaN or infinite' });
  });

  it('is refused by a model that can only estimate', async () => {
    const other = await loadModel(fixture('tiny-unified'), { device: 'cpu', threads: 1, isolation: 'thread' });
    await expect(lastValueFrom(generate(other, options()))).rejects.toMatchObject({ code: 'unsupported', message: 'model tiny-unified 1 cannot generate' });
    await other.close();
  });
});

describe('a worker that dies', () => {
  it('costs no frame: the next one is handed what the clip needs', async () => {
    const model = await loadModel(fixture('tiny-generator'), { device: 'cpu', threads: 1, restarts: { perMinute: 5, firstDelayMs: 10 } });
    const condition = (i: number): Condition => ({ depth: depthOf(i) });
    const calm = await lastValueFrom(generate(model, options({ frames: 5, condition })).pipe(toArray()));
    let killed = false;
    const stormy = await lastValueFrom(generate(model, options({
      frames: 5, condition,
      onProgress: ({ frame: f, step }) => {
        if (f === 3 && step === 2 && !killed) {
          killed = true;
          process.kill(model.health.pid!, 'SIGKILL');
        }
      },
    })).pipe(toArray()));
    expect(model.health.restarts).toBe(1);
    expect(stormy.map(({ frame: f }) => Buffer.from(f.rgb).toString('hex'))).toEqual(calm.map(({ frame: f }) => Buffer.from(f.rgb).toString('hex')));
    await model.close();
  });
});
