import { describe, expect, it } from '@jest/globals';
import { sizes } from './size.js';

describe('a list of sizes', () => {
  it('has at least one', () => {
    expect(sizes('128x96, 256x192,')).toEqual([{ width: 128, height: 96 }, { width: 256, height: 192 }]);
    for (const none of ['', ',', ' , ']) expect(() => sizes(none)).toThrow('Give at least one size');
  });
});
