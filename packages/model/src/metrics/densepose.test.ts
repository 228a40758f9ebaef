import { describe, expect, it } from '@jest/globals';
import { DensePoseMetrics } from './densepose.js';

describe('DensePoseMetrics', () => {
  it('scores parts over the pixels of true parts', () => {
    const metrics = new DensePoseMetrics();
    metrics.add({ part: Uint8Array.of(1, 1, 2, 0, 3, 9) }, { part: Uint8Array.of(1, 2, 2, 2, 0, 25) });
    const scores = metrics.result();
    expect(scores.partAccuracy).toBe(2 / 4);
    // Part 1: 1/2, part 2: 1/3, part 3: 0/1; the pixel with part 25 does not count.
    expect(scores.partIoU).toBeCloseTo((1 / 2 + 1 / 3 + 0) / 3, 12);
    // Pixels 0 to 2 are of a body in both, 3 in the truth alone, 4 in the prediction alone.
    expect(scores.bodyIoU).toBe(3 / 5);
    expect(scores.uvError).toBeNaN();
    expect(scores.frames).toBe(1);
  });

  it('pools frames and scores u and v where the part is right', () => {
    const metrics = new DensePoseMetrics();
    const of = (part: number, u: number, v: number): { part: Uint8Array; u: Uint8Array; v: Uint8Array } =>
      ({ part: Uint8Array.of(part), u: Uint8Array.of(u), v: Uint8Array.of(v) });
    metrics.add(of(5, 0, 255), of(5, 51, 255));
    metrics.add(of(99, 0, 0), of(5, 255, 255));
    expect(metrics.result()).toMatchObject({ partAccuracy: 0.5, partIoU: 0.5, uvError: 0.1, frames: 2 });
  });

  it('is NaN of nothing and refuses other sizes', () => {
    expect(new DensePoseMetrics().result()).toEqual({ partAccuracy: Number.NaN, partIoU: Number.NaN, bodyIoU: Number.NaN, uvError: Number.NaN, frames: 0 });
    expect(() => new DensePoseMetrics().add({ part: new Uint8Array(1) }, { part: new Uint8Array(2) })).toThrow(/densepose/);
  });
});
