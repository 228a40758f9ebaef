import { describe, expect, it } from '@jest/globals';
import { side, size, sizes } from './size.js';

describe('a size', () => {
  it('takes the sides that --width and --height take', () => {
    expect(size('8x8192')).toEqual({ width: side('8'), height: side('8192') });
    for (const wrong of ['7', '8193']) {
      expect(() => size(`${wrong}x96`)).toThrow('from 8 to 8192');
      expect(() => size(`96x${wrong}`)).toThrow('from 8 to 8192');
      expect(() => side(wrong)).toThrow('from 8 to 8192');
    }
    for (const none of ['large', '96', '96x', '-8x8', '9.5x8']) expect(() => size(none)).toThrow('Give width and height in pixels');
  });
});

describe('a list of sizes', () => {
  it('has at least one', () => {
    expect(sizes('128x96, 256x192,')).toEqual([{ width: 128, height: 96 }, { width: 256, height: 192 }]);
    for (const none of ['', ',', ' , ']) expect(() => sizes(none)).toThrow('Give at least one size');
  });
});
