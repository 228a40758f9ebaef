import { describe, expect, it } from '@jest/globals';
import { colorizeDensepose } from './colorize-densepose.js';

describe('colorizeDensepose', () => {
  it('is black without a part, distinct by part and brighter with u and v', () => {
    const part = Uint8Array.from({ length: 27 }, (_, i) => Math.min(i, 24));
    const u = new Uint8Array(27).fill(128);
    const v = new Uint8Array(27).fill(128);
    u.set([0, 255], 25);
    v.set([0, 255], 25);
    const { rgb } = colorizeDensepose({ width: 27, height: 1, part, u, v });
    const pixels = Array.from({ length: 27 }, (_, i) => rgb.subarray(i * 3, i * 3 + 3));
    const sum = (i: number): number => pixels[i].reduce((a, b) => a + b, 0);
    expect(sum(0)).toBe(0);
    expect(new Set(pixels.slice(0, 25).map((p) => p.join())).size).toBe(25);
    expect(sum(25)).toBeLessThan(sum(24));
    expect(sum(24)).toBeLessThan(sum(26));
    expect(Array.from(pixels[26])).toEqual([112, 112, 64]); // part 24: (64, 64, 0) of the palette, lifted and fully lit
  });
});
