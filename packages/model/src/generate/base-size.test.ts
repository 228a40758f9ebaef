import { describe, expect, it } from '@jest/globals';
import { MODALITIES, type Skeletons } from '@sextant/core';
import { resizeStreams } from '../codecs/resize-streams.js';
import { decodeDepthStream, decodeFlowStream, decodeSkeletonStream } from '../codecs/streams.js';
import { baseSize, resized } from './base-size.js';
import { encodeCondition } from './conditions.js';

const INPUT = { multipleOf: 32, min: 64 };
const TASK = { base: { width: 256, height: 192 }, painted: { rgb: 'paint.rgb' } };

describe('baseSize', () => {
  it('is the size itself up to the pixels of base, in any shape', () => {
    for (const size of [{ width: 256, height: 192 }, { width: 128, height: 384 }, { width: 64, height: 64 }]) expect(baseSize(size, TASK, INPUT)).toBe(size);
    const large = { width: 512, height: 384 };
    expect(baseSize(large, {}, INPUT)).toBe(large);
    expect(baseSize(large, { base: TASK.base }, INPUT)).toBe(large); // nobody paints it larger
  });

  it.each([
    [512, 384, 256, 192], [1024, 768, 256, 192], [384, 512, 192, 256], [512, 512, 224, 224], [1024, 576, 288, 160], [1024, 64, 1024, 64], [288, 192, 288, 192],
  ])('%sx%s is sampled at %sx%s', (width, height, w, h) => {
    expect(baseSize({ width, height }, TASK, INPUT)).toEqual({ width: w, height: h });
  });
});

describe('resized', () => {
  const frame = { width: 64, height: 64, focal: 80, palette: new Uint8Array(3 * 64 * 64).fill(9) };

  it('takes the palette and the focal length along, and what is of that size already as it is', () => {
    const small = resized(frame, { width: 32, height: 32 }, [], 'limbs');
    expect(small).toMatchObject({ width: 32, height: 32, focal: 40 });
    expect(small.palette).toEqual(new Uint8Array(3 * 32 * 32).fill(9));
    expect(resized(frame, { width: 64, height: 64 }, [], 'limbs')).toBe(frame);
  });
});

describe('resizeStreams', () => {
  const [large, small] = [{ width: 64, height: 48 }, { width: 32, height: 24 }];
  const n = large.width * large.height;
  const people: Skeletons = { ...large, people: [{ id: 1, score: 1, box: [8, 4, 40, 40], keypoints: Array.from({ length: 17 }, (_, j) => ({ x: 9 + 2 * j, y: 5 + 2 * j, score: 1 })) }] };
  const condition = {
    depth: { ...large, metres: Float32Array.from({ length: n }, (_, i) => (i % 64 < 8 ? NaN : 2 + (i % 64) / 16)) },
    flow: { ...large, pixels: new Float32Array(2 * n).fill(4) },
    skeleton: people,
  };
  const streams = encodeCondition(condition, ['depth', 'flow', 'skeleton'], large, 0, { classes: [], referenceFocal: 100, focal: 50, skeleton: 'limbs' });
  const stream = (all: Float32Array, size: typeof large, modality: (typeof MODALITIES)[number]): { width: number; height: number; data: Float32Array } => {
    const [m, k] = [size.width * size.height, 3 * MODALITIES.indexOf(modality)];
    return { ...size, data: all.subarray(k * m, (k + 3) * m) };
  };
  const made = resizeStreams(streams, ['depth', 'flow', 'skeleton'], large, small, 'limbs');

  it('keeps metres, for the focal length of the other size, and holes', () => {
    const again = encodeCondition({ depth: { ...small, metres: Float32Array.from({ length: n / 4 }, (_, i) => condition.depth.metres[(2 * Math.floor(i / 32) + 1) * 64 + 2 * (i % 32) + 1]) } }, ['depth'], small, 0, { classes: [], referenceFocal: 100, focal: 25, skeleton: 'limbs' });
    const [ours, theirs] = [decodeDepthStream(stream(made, small, 'depth')), decodeDepthStream(stream(again, small, 'depth'))];
    ours.metres.forEach((z, i) => (Number.isNaN(theirs.metres[i]) ? expect(z).toBeNaN() : expect(z).toBeCloseTo(theirs.metres[i], 3)));
  });

  it('halves motion in pixels with the size', () => {
    expect([...new Set(decodeFlowStream(stream(made, small, 'flow')).pixels)]).toEqual([2]);
  });

  it('draws skeletons anew: every joint is found, where it was', () => {
    const [{ keypoints }] = decodeSkeletonStream(stream(made, small, 'skeleton')).people;
    keypoints.forEach(({ x, y, score }, j) => {
      expect(score).toBe(1);
      expect(Math.hypot(2 * x + 0.5 - (9 + 2 * j), 2 * y + 0.5 - (5 + 2 * j))).toBeLessThan(2.5);
    });
  });

  it('leaves out what is not asked for', () => {
    const only = resizeStreams(streams, ['flow'], large, small, 'limbs');
    expect(stream(only, small, 'depth').data.some((value) => value !== 0)).toBe(false);
    expect(stream(only, small, 'flow').data).toEqual(stream(made, small, 'flow').data);
  });
});
