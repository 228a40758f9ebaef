import { describe, expect, it } from '@jest/globals';
import { DepthTally, meanPrior, scorable } from './depth-tally.js';
import type { DepthTruth } from './depth-tally.js';
import type { Figures } from './report.js';

const truth = (...metres: number[]): DepthTruth => ({ metres: Float32Array.from(metres), width: 1, height: metres.length });

function tally(...frames: readonly (readonly [item: string, prediction: readonly number[], truth: DepthTruth])[]): DepthTally {
  const depth = new DepthTally();
  for (const [item, prediction, t] of frames) depth.add(item, Float32Array.from(prediction), t, () => Promise.resolve(t));
  return depth;
}

describe('DepthTally', () => {
  it('counts every item the same, however many frames it has', async () => {
    const t = truth(1, 2, 4);
    const report = await tally(['a', [1, 2, 4], t], ['a', [1, 2, 4], t], ['a', [1, 2, 4], t], ['b', [2, 4, 8], t]).report('real');
    expect(report).toMatchObject({ task: 'depth', set: 'real', items: 2, frames: 4 });
    expect(report!.metrics.absRel).toBe(0.5); // 0 and 1, not 0, 0, 0 and 1
    expect(report!.metrics.absRelScale).toBeCloseTo(0, 12);
  });

  it('takes the mean of the two middle ones for the median of an even number, of items and of pixels', async () => {
    const t = truth(1, 1, 3, 3);
    // Twice and 8 times as far: the middle of ln 2 and ln 8 is ln 4. The constant is 2: off by 1 and 1/3.
    const { metrics, baselines } = (await tally(['a', [2, 2, 6, 6], t], ['b', [8, 8, 24, 24], t]).report('real'))!;
    expect(metrics.scaleError).toBeCloseTo(Math.log(4), 6);
    expect(baselines.constant.absRel).toBeCloseTo(2 / 3, 6);
  });

  it('leaves an item that could not be compared out of the median too', async () => {
    const [t, none] = [truth(1, 1, 1), truth(Number.NaN, Number.NaN, Number.NaN)];
    // Wrong by factors of 2 and 8, and a sensor that saw nothing: the middle stays ln 4.
    const { items, metrics } = (await tally(['a', [2, 2, 2], t], ['b', [8, 8, 8], t], ['c', [1, 1, 1], none]).report('real'))!;
    expect(items).toBe(2);
    expect(metrics.scaleError).toBeCloseTo(Math.log(4), 6);
  });

  it('does not reward silence: no depth is the farthest one said', async () => {
    const report = await tally(['a', [1, Number.NaN, 4], truth(1, 2, 4)]).report('real');
    expect(report!.metrics.coverage).toBeCloseTo(2 / 3, 12);
    expect(report!.metrics.absRel).toBeCloseTo(1 / 3, 12); // 4 instead of 2
  });

  it('counts every item the same in coverage and confidence too', async () => {
    const t = truth(...Array.from({ length: 200 }, () => 2));
    const half = (z: number): Float32Array => t.metres.map((m, i) => (i < 100 ? m : z));
    const depth = new DepthTally();
    const add = (item: string, prediction: Float32Array, sure: number): unknown => depth.add(item, prediction, t, () => Promise.resolve(t), t.metres.map(() => sure));
    for (let i = 0; i < 3; i++) add('a', half(2), 1); // all right, and sure of it
    add('b', half(Number.NaN), 0.5); // half of it unanswered, hence taken for the farthest, 2, and sure of nothing there
    const { metrics } = (await depth.report('real'))!;
    expect(metrics['coverage']).toBeCloseTo((1 + 1 / 2) / 2, 12); // 1 and 1/2, not 1, 1, 1 and 1/2
    expect(metrics['confidence']).toBeCloseTo((1 + 1 / 4) / 2, 6);
    expect(metrics['within10']).toBe(1);
    expect(metrics['ece']).toBeCloseTo((0 + 3 / 4) / 2, 6);
    expect((metrics['sparsification'] as Figures)['50']).toBeNaN(); // of no error at all
  });

  it('means the worth of a confidence over items', async () => {
    const t = truth(...Array.from({ length: 200 }, () => 2));
    // The middle is right, 40 pixels are twice as far: of 'a' those are the least sure, of 'b' the surest.
    const prediction = t.metres.map((m, i) => (i < 40 ? 2 * m : m));
    const knows = t.metres.map((_, i) => (i < 40 ? 0.1 : 0.9));
    const of = async (...items: readonly string[]): Promise<Figures> => {
      const depth = new DepthTally();
      for (const item of items) depth.add(item, prediction, t, () => Promise.resolve(t), item === 'a' ? knows : knows.map((c) => 1 - c));
      return (await depth.report('real'))!.metrics;
    };
    const [a, b, many] = [await of('a'), await of('b'), await of('a', 'a', 'a', 'b')];
    expect(a['ause']).toBeCloseTo(0, 6);
    expect(b['ause']).toBeGreaterThan(0.1);
    for (const name of ['ause', 'ece', 'eceScale', 'confidence', 'within10', 'within10Scale']) expect([name, many[name]]).toEqual([name, expect.closeTo(((a[name] as number) + (b[name] as number)) / 2, 9)]);
    for (const name of ['sparsification', 'sparsificationOracle']) {
      for (const [percent, value] of Object.entries(many[name] as Figures)) expect(value).toBeCloseTo((((a[name] as Figures)[percent] as number) + ((b[name] as Figures)[percent] as number)) / 2, 9);
    }
  });

  it('has baselines: own median, gradient, and the rows of the other items', async () => {
    const { baselines } = (await tally(['a', [1, 1, 1], truth(1, 2, 4)], ['b', [1, 1, 1], truth(2, 4, 8)]).report('real'))!;
    const figures = baselines as Record<string, Figures>;
    expect(figures['gradientFit']['absRel']).toBeCloseTo(0, 6);
    expect(figures['constant']['absRel']).toBeCloseTo((1 + 0 + 0.5) / 3, 12);
    // Each is the other's prior: a factor of 2 off, right after scaling.
    expect(figures['rowPrior']['absRel']).toBeCloseTo((1 + 0.5) / 2, 5);
    expect(figures['rowPrior']['absRelScale']).toBeCloseTo(0, 5);
  });

  it('has no row prior of one item, and no report of none', async () => {
    expect((await tally(['a', [1, 1, 1], truth(1, 2, 4)]).report('real'))!.baselines).not.toHaveProperty('rowPrior');
    expect(await new DepthTally().report('real')).toBeUndefined();
    expect(meanPrior([])).toBeUndefined();
  });

  it('scores 0 to 80 m', () => {
    expect(scorable(Float32Array.of(0, 1, 79, 81, Number.NaN))).toEqual(Float32Array.of(Number.NaN, 1, 79, Number.NaN, Number.NaN));
  });
});
