import { describe, expect, it } from '@jest/globals';
import { createRgbResampler, resampleRgb } from './resample.js';

/** A grey picture from a list of rows. */
const grey = (rows: readonly (readonly number[])[]): { width: number; height: number; rgb: Uint8Array } => ({
  width: rows[0].length,
  height: rows.length,
  rgb: Uint8Array.from(rows.flat().flatMap((value) => [value, value, value])),
});

const red = (rgb: Uint8Array): number[] => Array.from(rgb).filter((_, i) => i % 3 === 0);

describe('resampleRgb', () => {
  it('averages areas where it shrinks', () => {
    const image = grey([[0, 10, 20, 30], [40, 50, 60, 70]]);
    expect(red(resampleRgb(image, 2, 1).rgb)).toEqual([25, 45]);
    expect(red(resampleRgb(image, 1, 1).rgb)).toEqual([35]);
  });

  it('splits pixels that lie across a border', () => {
    // 3 -> 2: each target covers 1.5 source pixels.
    expect(red(resampleRgb(grey([[30, 60, 120]]), 2, 1).rgb)).toEqual([40, 100]);
  });

  it('interpolates where it grows, holding the ends', () => {
    expect(red(resampleRgb(grey([[0, 100]]), 4, 1).rgb)).toEqual([0, 25, 75, 100]);
    expect(red(resampleRgb(grey([[7]]), 3, 2).rgb)).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('keeps channels apart and a constant picture constant at awkward ratios', () => {
    for (const [w, h] of [[640, 480], [37, 91], [1, 1], [255, 3]] as const) {
      const rgb = new Uint8Array(w * h * 3);
      for (let i = 0; i < rgb.length; i += 3) rgb.set([255, 128, 1], i);
      const out = resampleRgb({ width: w, height: h, rgb }, 64, 48).rgb;
      for (let i = 0; i < out.length; i += 3) expect([out[i], out[i + 1], out[i + 2]]).toEqual([255, 128, 1]);
    }
  });

  it('keeps the mean of a picture', () => {
    const rgb = Uint8Array.from({ length: 100 * 75 * 3 }, (_, i) => (i * 7919) % 256);
    const mean = (a: Uint8Array): number => a.reduce((sum, v) => sum + v, 0) / a.length;
    expect(Math.abs(mean(resampleRgb({ width: 100, height: 75, rgb }, 32, 24).rgb) - mean(rgb))).toBeLessThan(0.2);
  });

  it('copies at the same size and writes into a given buffer', () => {
    const image = grey([[1, 2], [3, 4]]);
    const same = resampleRgb(image, 2, 2).rgb;
    expect(same).toEqual(image.rgb);
    expect(same).not.toBe(image.rgb);
    const out = new Uint8Array(3);
    expect(createRgbResampler(2, 2, 1, 1)(image.rgb, out)).toBe(out);
    expect(Array.from(out)).toEqual([3, 3, 3]); // 2.5 rounds up
  });

  it('refuses buffers and sizes that do not fit', () => {
    expect(() => resampleRgb({ width: 2, height: 2, rgb: new Uint8Array(11) }, 1, 1)).toThrow(/2x2 with 3 channel\(s\) cannot have 11/);
    expect(() => createRgbResampler(2, 2, 0, 1)).toThrow(/0x1/);
    expect(() => createRgbResampler(2, 2, 1, 1)(new Uint8Array(12), new Uint8Array(4))).toThrow(/cannot have 4/);
  });
});
