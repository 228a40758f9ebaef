import { describe, expect, it } from '@jest/globals';
import { SegmentationMetrics, VOID_LABEL } from './segmentation.js';

const CLASSES = [{ id: 0, name: 'background' }, { id: 1, name: 'person' }, { id: 4, name: 'chair' }, { id: 7, name: 'cat' }];

describe('SegmentationMetrics', () => {
  it('scores a picture by hand', () => {
    const metrics = new SegmentationMetrics(CLASSES);
    metrics.add(Uint8Array.of(0, 0, 1, 1, 4, 9), Uint8Array.of(0, 1, 1, 1, 4, VOID_LABEL));
    const scores = metrics.result();
    // background 1/2, person 2/3, chair 1/1; the cat was never seen; the void pixel does not count.
    expect(scores.perClass).toEqual({ background: 1 / 2, person: 2 / 3, chair: 1 });
    expect(scores.mIoU).toBeCloseTo((1 / 2 + 2 / 3 + 1) / 3, 12);
    expect(scores.pixelAccuracy).toBe(4 / 5);
    expect(scores.personIoU).toBe(2 / 3);
    expect(scores.frames).toBe(1);
    expect(metrics.confusion(1, 0)).toBe(1);
  });

  it('pools classes over pictures, and means the person over the pictures that show one', () => {
    const metrics = new SegmentationMetrics(CLASSES);
    metrics.add(Uint8Array.of(1, 1, 1, 1), Uint8Array.of(1, 1, 1, 1)); // 1
    metrics.add(Uint8Array.of(0, 0, 1, 0), Uint8Array.of(1, 0, 0, 0)); // 0
    metrics.add(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(0, 0, 0, 0)); // shows nobody, but says so
    const scores = metrics.result();
    expect(scores.personIoU).toBe(0.5);
    expect(scores.personIoUPooled).toBe(4 / 7);
  });

  it('counts a class that is predicted and never true as 0, and ids not listed as wrong', () => {
    const metrics = new SegmentationMetrics(CLASSES);
    metrics.add(Uint8Array.of(7, 99), Uint8Array.of(0, 0));
    expect(metrics.result()).toMatchObject({ mIoU: 0, mIoUShown: 0, perClass: { background: 0, cat: 0 }, pixelAccuracy: 0, personIoU: Number.NaN });
  });

  it('means over the classes that the truth shows, whatever else is predicted', () => {
    const metrics = new SegmentationMetrics(CLASSES);
    metrics.add(Uint8Array.of(0, 0, 1, 7), Uint8Array.of(0, 0, 1, 1)); // one pixel of a cat that is nowhere
    expect(metrics.result().mIoUShown).toBe((1 + 1 / 2) / 2);
    expect(metrics.result().mIoU).toBe((1 + 1 / 2 + 0) / 3);
  });

  it('is NaN of nothing and refuses what it cannot score', () => {
    expect(new SegmentationMetrics(CLASSES).result()).toMatchObject({ mIoU: Number.NaN, mIoUShown: Number.NaN, perClass: {}, pixelAccuracy: Number.NaN });
    expect(() => new SegmentationMetrics([{ id: 255, name: 'x' }])).toThrow(/0\.\.254, not 255/);
    expect(() => new SegmentationMetrics([{ id: 1, name: 'x' }, { id: 1, name: 'y' }])).toThrow(/distinct/);
    expect(() => new SegmentationMetrics(CLASSES).add(new Uint8Array(1), new Uint8Array(2))).toThrow(/segmentation/);
  });
});
