import { describe, expect, it } from '@jest/globals';
import { ofColour } from './of-colour.js';

describe('ofColour', () => {
  // Three regions of a map of 6x2, each two cells wide, of a picture of twice the size: red, blue, red.
  const found = { width: 6, height: 2, probability: new Float32Array(12).fill(0.75), threshold: 0.5, regions: Uint16Array.from({ length: 12 }, (_, i) => 1 + Math.floor((i % 6) / 2)), count: 3 };
  const rgb = new Uint8Array(12 * 4 * 3);
  for (let i = 0; i < 48; i++) rgb.set(Math.floor((i % 12) / 4) === 1 ? [40, 60, 170] : [200, 40, 40], 3 * i);
  const picture = { width: 12, height: 4, rgb };

  it('keeps the regions of the colour, numbered anew, and leaves what was found as it was', () => {
    const red = ofColour(found, ['red'], picture);
    expect(Array.from(red.regions.slice(0, 6))).toEqual([1, 1, 0, 0, 2, 2]);
    expect(red).toMatchObject({ count: 2, threshold: 0.5 });
    expect(Array.from(red.probability.slice(0, 6))).toEqual([0.75, 0.75, 0, 0, 0.75, 0.75]);
    expect(found.count).toBe(3);
    expect(Array.from(ofColour(found, ['blue'], picture).regions.slice(0, 6))).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it('keeps no probability of specks, which are no region, and leaves what is less probable', () => {
    const regions = found.regions.map((region) => (region === 2 ? 0 : region));
    const probability = found.probability.map((p, i) => (i % 6 === 2 ? 0.5 : i % 6 === 3 ? 0.4375 : p));
    const red = ofColour({ ...found, regions, probability }, ['red'], picture);
    expect(Array.from(red.probability.slice(0, 6))).toEqual([0.75, 0.75, 0, 0.4375, 0.75, 0.75]);
  });

  it('keeps all of several colours, and nothing of one that is not there', () => {
    expect(ofColour(found, ['red', 'blue'], picture).regions).toEqual(found.regions);
    expect(ofColour(found, ['green'], picture)).toMatchObject({ count: 0, regions: new Uint16Array(12) });
  });
});
