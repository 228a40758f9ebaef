import { describe, expect, it } from '@jest/globals';
import { fieldOfViewOf, frustumLines, pinholeOf, placePoints } from './cloud-geometry.js';

describe('placePoints', () => {
  it('undoes the projection of a pinhole camera', () => {
    // 90 degrees: at distance z the picture is 2 z wide; 4 x 2 pixels, so each is z / 2 wide.
    const metres = Float32Array.of(1, 2, NaN, 4, 0, 1, 1, Infinity);
    const positions = new Float32Array(24);
    const pixels = new Uint32Array(8);
    const { count } = placePoints(positions, pixels, { width: 4, height: 2, metres }, pinholeOf({ width: 4, height: 2 }, 90));
    expect(count).toBe(5);
    const point = (i: number): number[] => Array.from(positions.subarray(3 * i, 3 * i + 3), (v) => Math.round(v * 1e5) / 1e5);
    expect(point(0)).toEqual([-0.75, 0.25, -1]);
    expect(point(1)).toEqual([-0.5, 0.5, -2]);
    expect(point(2)).toEqual([3, 1, -4]);
    expect(point(4)).toEqual([0.25, -0.25, -1]);
    expect(Array.from(pixels.subarray(0, count))).toEqual([0, 1, 3, 5, 6]);
  });

  it('finds the distance in the middle', () => {
    const metres = Float32Array.from({ length: 64 * 64 }, (_, i) => 1 + i / 1000);
    expect(placePoints(new Float32Array(64 * 64 * 3), new Uint32Array(64 * 64), { width: 64, height: 64, metres }, pinholeOf({ width: 64, height: 64 }, 60)).median).toBeCloseTo(3.05, 1);
  });
});

describe('pinholeOf', () => {
  const size = { width: 4, height: 2 };
  const intrinsics = { fx: 2, fy: 3, cx: 1, cy: 0.5 };

  it('takes what the server knows, and what was set where it only guesses', () => {
    expect(pinholeOf({ ...size, intrinsics: { ...intrinsics, provenance: 'calibrated' } }, 90)).toMatchObject({ ...intrinsics, known: true });
    expect(pinholeOf({ ...size, intrinsics: { ...intrinsics, provenance: 'guessed' } }, 90)).toMatchObject({ cx: 1.5, cy: 0.5, known: false });
    expect(fieldOfViewOf(pinholeOf(size, 70), 4)).toBeCloseTo(70, 9);
  });

  it('places points by it', () => {
    const positions = new Float32Array(24);
    placePoints(positions, new Uint32Array(8), { ...size, metres: new Float32Array(8).fill(6) }, { fx: 2, fy: 3, cx: 1, cy: 0.5 });
    expect(Array.from(positions.subarray(0, 6))).toEqual([-3, 1, -6, 0, 1, -6]);
  });
});

describe('frustumLines', () => {
  it('is 8 segments that begin at the camera and end at the picture', () => {
    const lines = frustumLines(4, 2, pinholeOf({ width: 4, height: 2 }, 90), 3);
    expect(lines).toHaveLength(8 * 6);
    expect(Array.from(lines.subarray(0, 6), (v) => Math.round(v * 1e5) / 1e5)).toEqual([0, 0, 0, -3, 1.5, -3]);
  });
});
