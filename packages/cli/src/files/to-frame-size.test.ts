import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { toFrameSize } from './to-frame-size.js';

const frame = { stamp: 0n, frameId: 'c', sequence: 0, width: 4, height: 2, rgb: new Uint8Array(24) };
const at = (maps: Omit<Perception, 'frame' | 'latencyMs'>): Perception => toFrameSize({ frame, latencyMs: 1, ...maps });
const depth = (...metres: number[]) => ({ width: 2, height: 1, provenance: 'metric' as const, metres: Float32Array.from(metres) });

describe('toFrameSize', () => {
  it('interpolates depth within a surface', () => {
    const out = [...at({ depth: depth(10, 10.4) }).depth!.metres];
    [10, 10.1, 10.3, 10.4, 10, 10.1, 10.3, 10.4].forEach((z, i) => {
      expect(out[i]).toBeCloseTo(z, 5);
    });
  });

  it('smears neither edges nor holes of depth', () => {
    expect([...at({ depth: depth(1, 5) }).depth!.metres]).toEqual([1, 1, 5, 5, 1, 1, 5, 5]);
    expect([...at({ depth: depth(1, NaN) }).depth!.metres]).toEqual([1, 1, NaN, NaN, 1, 1, NaN, NaN]);
  });

  it('scales motion to the pixels of the frame', () => {
    const { pixels } = at({ flow: { width: 2, height: 1, pixels: Float32Array.of(1, 3, 1, 3) } }).flow!;
    expect([...pixels.slice(0, 4)]).toEqual([2, 6, 2, 6]);
  });

  it('scales joints about pixel centres and boxes about pixel edges', () => {
    const keypoints = Array.from({ length: 17 }, () => ({ x: 0.5, y: 0, score: 1 }));
    const { people } = at({ skeleton: { width: 2, height: 1, people: [{ id: 1, score: 1, box: [0, 0, 1, 1], keypoints }] } }).skeleton!;
    expect(people[0]).toMatchObject({ box: [0, 0, 2, 2], keypoints: expect.arrayContaining([{ x: 1.5, y: 0.5, score: 1 }]) });
  });

  it('takes the nearest label and passes maps of the right size on', () => {
    const segmentation = { width: 2, height: 1, labels: Uint8Array.of(3, 9), instances: Uint16Array.of(0, 700), classes: [] };
    const out = at({ segmentation }).segmentation!;
    expect([[...out.labels], [...out.instances]]).toEqual([[3, 3, 9, 9, 3, 3, 9, 9], [0, 0, 700, 700, 0, 0, 700, 700]]);
    const metres = new Float32Array(8).fill(2);
    expect(at({ depth: { width: 4, height: 2, provenance: 'metric', metres } }).depth!.metres).toBe(metres);
  });
});
