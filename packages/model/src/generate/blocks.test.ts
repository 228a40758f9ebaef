import { describe, expect, it } from '@jest/globals';
import { blockMeans, fillBlockNoise } from './blocks.js';
import { fillNoise } from './noise.js';

describe('blockMeans', () => {
  it('puts the mean of each block into all of its pixels, plane by plane', () => {
    const planes = Float32Array.of(1, 3, 10, 10, 5, 7, 10, 14, /* second plane */ 0, 0, 4, 0, 0, 0, 0, 0);
    expect([...blockMeans(planes, 4, 2, 2)]).toEqual([4, 4, 11, 11, 4, 4, 11, 11, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('is a copy for blocks of one pixel, and changes nothing that is flat within blocks', () => {
    const planes = fillBlockNoise(new Float32Array(2 * 8 * 4), 8, 4, 4, 7);
    const means = blockMeans(planes, 8, 4, 4);
    expect(Math.max(...means.map((v, i) => Math.abs(v - planes[i])))).toBeLessThan(1e-6);
    expect(blockMeans(planes, 8, 4, 1)).toEqual(planes);
    expect(blockMeans(planes, 8, 4, 1)).not.toBe(planes);
  });
});

describe('fillBlockNoise', () => {
  it('draws one value of the same noise for each block of each plane', () => {
    const [width, height, block] = [12, 8, 4];
    const out = fillBlockNoise(new Float32Array(3 * width * height), width, height, block, 5, 1);
    const small = fillNoise(new Float32Array(3 * 3 * 2), 5, 1);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) expect(out[(c * height + y) * width + x]).toBe(small[(c * 2 + Math.floor(y / block)) * 3 + Math.floor(x / block)]);
      }
    }
    expect(fillBlockNoise(new Float32Array(10), 5, 2, 1, 3)).toEqual(fillNoise(new Float32Array(10), 3));
  });
});
