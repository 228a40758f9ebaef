import { describe, expect, it } from '@jest/globals';
import type { Keypoint, SegmentationClass } from '@sextant/core';
import {
  decodeDensePoseStream, decodeDepthStream, decodeFlowStream, decodeSegmentationStream, decodeSkeletonStream,
  encodeDensePoseStream, encodeDepthStream, encodeFlowStream, encodeSegmentationStream, encodeSkeletonStream,
} from './streams.js';

const close = (found: ArrayLike<number>, expected: number[]): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((v, i) => (Number.isNaN(v) ? expect(found[i]).toBeNaN() : expect(found[i]).toBeCloseTo(v, 3)));
};

describe('streams', () => {
  it('carry depth by its logarithm, with holes', () => {
    const stream = encodeDepthStream({ width: 5, height: 1, metres: Float32Array.of(0.1, 200, Math.sqrt(20), NaN, 1e6) });
    close(stream.data, [-1, 1, 0, 1, 1, -1, 1, 0, 1, 1, -1, -1, -1, 1, -1]);
    close(decodeDepthStream(stream).metres, [0.1, 200, Math.sqrt(20), NaN, 200]);
  });

  it('carry flow as a part of the size, with holes', () => {
    const stream = encodeFlowStream({ width: 2, height: 1, pixels: Float32Array.of(0.25, -0.125, NaN, 0) });
    close(stream.data, [0.5, 0, -0.5, 0, 1, -1]);
    close(decodeFlowStream(stream).pixels, [0.25, -0.125, NaN, NaN]);
  });

  it('carry classes by colour and forgive noise', () => {
    const classes: SegmentationClass[] = [
      { id: 0, name: 'background', color: [0, 0, 0], thing: false },
      { id: 7, name: 'person', color: [255, 0, 0], thing: true },
    ];
    const stream = encodeSegmentationStream({ width: 2, height: 1, labels: Uint8Array.of(7, 0) }, classes);
    close(stream.data, [1, -1, -1, -1, -1, -1]);
    expect([...decodeSegmentationStream({ ...stream, data: stream.data.map((v) => v * 0.3) }, classes).labels]).toEqual([7, 0]);
    expect(() => encodeSegmentationStream({ width: 1, height: 1, labels: Uint8Array.of(3) }, classes)).toThrow('label 3 has no class');
  });

  it('carry part, u and v exactly', () => {
    const map = { width: 25, height: 1, part: Uint8Array.from({ length: 25 }, (_, i) => i), u: Uint8Array.from({ length: 25 }, (_, i) => (i ? i * 10 : 0)), v: Uint8Array.from({ length: 25 }, (_, i) => (i ? 255 - i : 0)) };
    expect(decodeDensePoseStream(encodeDensePoseStream(map))).toEqual(map);
  });

  it('carry joints and whose they are', () => {
    const none: Keypoint = { x: 0, y: 0, score: 0 };
    const keypoints = (...placed: [number, number, number][]): Keypoint[] =>
      Array.from({ length: 17 }, (_, j) => {
        const at = placed.find((p) => p[0] === j);
        return at ? { x: at[1], y: at[2], score: 1 } : none;
      });
    const people = [
      { id: 1, score: 1, box: [5.5, 5.5, 10, 15] as const, keypoints: keypoints([0, 5, 5], [16, 15, 20]) },
      { id: 2, score: 1, box: [25.5, 8.5, 0, 0] as const, keypoints: keypoints([9, 25, 8]) },
    ];
    const decoded = decodeSkeletonStream(encodeSkeletonStream({ width: 32, height: 24, people }));
    expect(decoded).toEqual({ width: 32, height: 24, people });
  });

  it('carry of more than fifteen people the largest, in their order', () => {
    // Two joints of a forearm each, the later the longer.
    const people = Array.from({ length: 17 }, (_, i) => ({
      id: i + 1, score: 1, box: [0, 0, 1, 1] as const,
      keypoints: Array.from({ length: 17 }, (_joint, j): Keypoint => ({ x: 4 * i + 2, y: j === 7 ? 2 : 6 + i, score: j === 7 || j === 9 ? 1 : 0 })),
    }));
    const { people: found } = decodeSkeletonStream(encodeSkeletonStream({ width: 72, height: 32, people }));
    expect(found.map(({ keypoints }) => keypoints[7].x)).toEqual(people.slice(2).map(({ keypoints }) => keypoints[7].x));
  });
});
