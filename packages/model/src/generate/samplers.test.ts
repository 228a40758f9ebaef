import { describe, expect, it } from '@jest/globals';
import { guide, variantsAt, variantsFor } from './guidance.js';
import { fillNoise } from './noise.js';
import { SAMPLERS, countLooks, sample, type Look, type SamplerName } from './samplers.js';
import { noiseLevels } from './schedule.js';

const noise = (out: Float32Array, index: number, step: number): void => void fillNoise(out, 5, index, step);
const run = async (sampler: SamplerName, steps: number, look: Look, z = [fillNoise(new Float32Array(64), 1)], shift = 1): Promise<Float32Array> => {
  await sample(z, look, { sampler, steps, shift, noise });
  return z[0];
};
/** The best prediction of x where x is normal with mean m and deviation s: the flow is then linear and its end known. */
const gaussian = (m: number, s: number): Look => (z, t) => {
  const gain = ((1 - t) * s * s) / ((1 - t) ** 2 * s * s + t * t);
  return Promise.resolve(z.map((values) => values.map((v) => m + gain * (v - (1 - t) * m))));
};

describe('noiseLevels', () => {
  it('fall from 1 to 0, later where the shift is above 1', () => {
    expect([...noiseLevels(4, 1)]).toEqual([1, 0.75, 0.5, 0.25, 0]);
    const shifted = [...noiseLevels(4, 5)];
    expect(shifted[0]).toBe(1);
    expect(shifted[2]).toBeCloseTo(5 / 6);
    expect(shifted[4]).toBe(0);
  });
});

describe('sample', () => {
  it.each(SAMPLERS)('%s ends at a signal that the network is sure of', async (sampler) => {
    const x = fillNoise(new Float32Array(64), 9);
    expect(await run(sampler, 5, () => Promise.resolve([x]))).toEqual(x);
  });

  it('begins where it is told, and leaves the noisier steps out', async () => {
    const seen: number[] = [];
    const steps: number[] = [];
    const look: Look = (z, t) => (seen.push(t), Promise.resolve(z));
    await sample([new Float32Array(4)], look, { sampler: 'euler', steps: 4, shift: 1, from: 0.6, noise, onStep: (step) => void steps.push(step) });
    expect([seen, steps]).toEqual([[0.6, 0.5, 0.25], [2, 3, 4]]);
  });

  it('follows the flow of a Gaussian to its exact end, Heun nearer than Euler with as many steps', async () => {
    const start = fillNoise(new Float32Array(64), 1);
    const exact = start.map((v) => 0.4 + 0.3 * v);
    const error = async (sampler: SamplerName, steps: number): Promise<number> => Math.max(...(await run(sampler, steps, gaussian(0.4, 0.3))).map((v, i) => Math.abs(v - exact[i])));
    expect(await error('euler', 200)).toBeLessThan(0.02);
    expect(await error('heun', 16)).toBeLessThan((await error('euler', 16)) / 3);
  });

  it('looks as often as it says', async () => {
    for (const sampler of SAMPLERS) {
      let looks = 0;
      await run(sampler, 6, (z) => (looks++, Promise.resolve(z)));
      expect([sampler, looks]).toEqual([sampler, countLooks({ sampler, steps: 6 })]);
    }
  });

  it('renoise keeps the spread that Euler has too little of with few steps', async () => {
    const deviation = (x: Float32Array): number => Math.sqrt(x.reduce((sum, v) => sum + (v - 0.4) ** 2, 0) / x.length);
    const z = (): Float32Array[] => [fillNoise(new Float32Array(20_000), 3)];
    expect(deviation(await run('renoise', 50, gaussian(0.4, 0.3), z()))).toBeGreaterThan(0.1);
  });

  it('ends with what a step throws', async () => {
    await expect(sample([new Float32Array(2)], (z) => Promise.resolve(z), { sampler: 'euler', steps: 3, shift: 1, noise, onStep: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('guidance', () => {
  it('runs the network only as often as its weights need', () => {
    expect(variantsFor({ text: 1, condition: 1 })).toEqual(['full']);
    expect(variantsFor({ text: 2, condition: 1 })).toEqual(['full', 'condition']);
    expect(variantsFor({ text: 1, condition: 2 })).toEqual(['full', 'condition', 'nothing']);
    expect(variantsFor({ text: 0, condition: 1 })).toEqual(['condition']);
  });

  it('is one look at noise levels up to `above`, deaf to a prompt whose weight is 0', () => {
    for (const [text, below] of [[2, 'full'], [1, 'full'], [0, 'condition']] as const) {
      const guidance = { text, condition: 2, above: 0.5 };
      expect(variantsAt(guidance, 0.6)).toEqual(variantsFor(guidance));
      for (const t of [0.5, 0.1]) expect(variantsAt(guidance, t)).toEqual([below]);
    }
  });

  it('weighs what text and condition add', () => {
    const looks = { full: Float32Array.of(7), condition: Float32Array.of(3), nothing: Float32Array.of(2) };
    expect(guide({ text: 1, condition: 1 }, { full: looks.full })).toBe(looks.full);
    expect([...guide({ text: 2, condition: 3 }, looks)]).toEqual([2 + 3 * 1 + 2 * 4]);
    expect([...guide({ text: 0, condition: 1 }, { condition: looks.condition })]).toEqual([3]);
  });

  it('adds no contrast to any channel where nothing of what goes along the picture is left', () => {
    const told = Float32Array.of(0.5, -0.3, 0.1, 0.1, /* of the second channel */ -0.2, 0.4, 0, 0.6);
    const nothing = Float32Array.of(0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.3, 0.2);
    const looks = { condition: told, nothing };
    const weights = { text: 0, condition: 3 };
    const whole = guide(weights, looks, 2);
    expect(guide({ ...weights, parallel: 1 }, looks, 2)).toEqual(whole);
    const along = (guided: Float32Array, k: number): number => {
      const [a, b] = [guided, told].map((x) => x.subarray(4 * k, 4 * k + 4));
      const mean = b.reduce((sum, v) => sum + v, 0) / 4;
      return b.reduce((sum, v, i) => sum + (a[i] - v) * (v - mean), 0);
    };
    const [none, half] = [0, 0.5].map((parallel) => guide({ ...weights, parallel }, looks, 2));
    for (const k of [0, 1]) {
      expect(along(whole, k)).toBeGreaterThan(0.1);
      expect(along(none, k)).toBeCloseTo(0, 6);
      expect(along(half, k)).toBeCloseTo(along(whole, k) / 2, 6);
    }
    expect(none[2]).not.toBeCloseTo(told[2], 3); // what goes elsewhere stays
    const flat = { condition: Float32Array.of(0.5, 0.5), nothing: Float32Array.of(0, 0.2) };
    expect([...guide({ ...weights, parallel: 0 }, flat)].every(Number.isFinite)).toBe(true);
  });
});
