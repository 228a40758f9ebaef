import { describe, expect, it } from '@jest/globals';
import { colorizeFlow } from './colorize-flow.js';

/** Colour of one motion, `maxPixels` 1. */
const color = (u: number, v: number): number[] =>
  Array.from(colorizeFlow({ width: 1, height: 1, pixels: Float32Array.of(u, v) }, { maxPixels: 1 }).rgb);

describe('colorizeFlow', () => {
  it('has the wheel of Middlebury: right red, down yellow, left green-blue, up blue-violet', () => {
    // By hand from the wheel: positions 0 and 54, 13.5, 27 (two steps of 11 from cyan to blue) and 40.5.
    expect(color(1, 0)).toEqual([255, 0, 0]);
    expect(color(0, 1)).toEqual([255, 229, 0]);
    expect(color(-1, 0)).toEqual([0, 209, 255]);
    expect(color(0, -1)).toEqual([88, 0, 255]);
  });

  it('is white without motion, paler for less, darker beyond the range, black where unknown', () => {
    expect(color(0, 0)).toEqual([255, 255, 255]);
    expect(color(0.5, 0)).toEqual([255, 127, 127]);
    expect(color(2, 0)).toEqual([191, 0, 0]);
    expect(color(Number.NaN, 0)).toEqual([0, 0, 0]);
  });

  it('scales by the largest known motion, at least one pixel', () => {
    const pixels = Float32Array.of(4, 0, 2, 0, Number.NaN, Number.NaN);
    expect(Array.from(colorizeFlow({ width: 3, height: 1, pixels }).rgb)).toEqual([255, 0, 0, 255, 127, 127, 0, 0, 0]);
    const still = colorizeFlow({ width: 1, height: 1, pixels: Float32Array.of(0.5, 0) }).rgb;
    expect(Array.from(still)).toEqual([255, 127, 127]);
  });
});
