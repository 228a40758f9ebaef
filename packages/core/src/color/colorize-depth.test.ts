import { describe, expect, it } from '@jest/globals';
import { colorizeDepth } from './colorize-depth.js';
import { TURBO } from './turbo.js';

const map = (values: readonly number[]): Parameters<typeof colorizeDepth>[0] => ({
  width: values.length, height: 1, metres: Float32Array.from(values), provenance: 'metric',
});
const entry = (i: number): number[] => Array.from(TURBO.subarray(i * 3, i * 3 + 3));
const pixel = (rgb: Uint8Array, i: number): number[] => Array.from(rgb.subarray(i * 3, i * 3 + 3));

describe('TURBO', () => {
  it('runs from dark blue over green to dark red, as the published map within the fit', () => {
    // Entries 64, 128 and 192 of the published table; the polynomial is off by more at the very ends.
    const published: Readonly<Record<number, readonly number[]>> = { 64: [40, 188, 235], 128: [164, 252, 60], 192: [251, 126, 33] };
    for (const [i, color] of Object.entries(published)) {
      entry(Number(i)).forEach((value, c) => expect(Math.abs(value - color[c])).toBeLessThanOrEqual(20));
    }
    expect(entry(0).every((value) => value < 64)).toBe(true);
    expect(entry(255)[0]).toBeGreaterThan(100);
    expect(entry(255)[2]).toBeLessThan(20);
  });
});

describe('colorizeDepth', () => {
  it('puts the range on the map, near red, in the logarithm', () => {
    const { rgb } = colorizeDepth(map([1, 4, 2]), { near: 1, far: 4 });
    expect(pixel(rgb, 0)).toEqual(entry(255));
    expect(pixel(rgb, 1)).toEqual(entry(0));
    expect(pixel(rgb, 2)).toEqual(entry(128)); // half way in log depth: 127.5 rounds up
  });

  it('clamps to the range and leaves invalid pixels black', () => {
    const { rgb } = colorizeDepth(map([0.1, 100, Number.NaN, 0, -1]), { near: 1, far: 4 });
    expect(pixel(rgb, 0)).toEqual(entry(255));
    expect(pixel(rgb, 1)).toEqual(entry(0));
    expect(Array.from(rgb.subarray(6))).toEqual(new Array(9).fill(0));
  });

  it('takes its range from the valid depths', () => {
    const { rgb } = colorizeDepth(map([Number.NaN, 2, 8, 0]));
    expect(pixel(rgb, 1)).toEqual(entry(255));
    expect(pixel(rgb, 2)).toEqual(entry(0));
  });

  it('draws an empty map black', () => {
    expect(Array.from(colorizeDepth(map([Number.NaN, 0])).rgb)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
