import { describe, expect, it } from '@jest/globals';
import { DepthFit, bestSky } from './depth-fit.js';

/** Uniform in 0..1, deterministic. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 4294967296;
}
const counts = (z: number): boolean => z > 0 && z < 80;

describe('DepthFit', () => {
  it('finds the temperature of errors that are larger than the head says', () => {
    const random = uniform(7);
    const fit = new DepthFit();
    for (let frame = 0; frame < 4; frame++) {
      const n = 4000;
      const metres = Float32Array.from({ length: n }, () => 2 + 3 * random());
      const logScale = Float32Array.from({ length: n }, () => Math.log(0.03 + 0.1 * random()));
      // Laplace errors of 1.7 times the stated scale.
      const logMetres = metres.map((z, i) => {
        const u = random() - 0.5;
        return Math.log(z) - 1.7 * Math.exp(logScale[i]) * Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
      });
      fit.add({ width: n, height: 1, logMetres, logScale, noDepth: new Float32Array(n).fill(-5) }, { metres, counts });
    }
    const best = fit.metres.best();
    expect(best?.scale).toBeGreaterThan(1.55);
    expect(best?.scale).toBeLessThan(1.85);
    expect(Math.abs(best!.confidence - best!.within10)).toBeLessThan(0.02);
    expect(fit.metres.at(1).nll).toBeGreaterThan(best!.nll);
    expect(fit.sky()).toBeUndefined();
  });

  it('finds another temperature for depth up to scale where whole frames are off', () => {
    const random = uniform(9);
    const fit = new DepthFit();
    for (let frame = 0; frame < 6; frame++) {
      const n = 3000;
      const metres = Float32Array.from({ length: n }, () => 2 + 3 * random());
      const off = 0.4 * (frame % 2 === 0 ? 1 : -1);
      const logMetres = metres.map((z) => {
        const u = random() - 0.5;
        return Math.log(z) + off - 0.05 * Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
      });
      fit.add({ width: n, height: 1, logMetres, logScale: new Float32Array(n).fill(Math.log(0.1)), noDepth: new Float32Array(n).fill(-5) }, { metres, counts });
    }
    expect(fit.relative.best()!.scale).toBeGreaterThan(0.4); // half of what the head says
    expect(fit.relative.best()!.scale).toBeLessThan(0.6);
    expect(fit.metres.best()!.scale).toBeGreaterThan(5);
  });

  it('finds the threshold that parts the sky, and leaves out what does not count', () => {
    const logit = (p: number): number => Math.log(p / (1 - p));
    // Sky is said with .75, a bright wall with .55, something beyond 80 m with .9.
    const metres = Float32Array.of(NaN, NaN, NaN, 5, 5, 3, 200);
    const noDepth = Float32Array.from([0.75, 0.75, 0.99, 0.55, 0.55, 0.01, 0.9], logit);
    const fit = new DepthFit();
    fit.add({ width: 7, height: 1, logMetres: new Float32Array(7), logScale: new Float32Array(7), noDepth }, { metres, counts });
    const sky = fit.sky()!;
    expect(bestSky(sky)).toEqual({ threshold: 0.6, precision: 1, recall: 1, iou: 1 });
    expect(sky.find(({ threshold }) => threshold === 0.5)).toMatchObject({ precision: 3 / 5, recall: 1, iou: 3 / 5 });
    expect(sky.find(({ threshold }) => threshold === 0.9)).toMatchObject({ precision: 1, recall: 1 / 3 });
  });

  it('says nothing of nothing', () => {
    expect(new DepthFit().metres.best()).toBeUndefined();
    expect(new DepthFit().relative.best()).toBeUndefined();
    expect(new DepthFit().sky()).toBeUndefined();
  });
});
