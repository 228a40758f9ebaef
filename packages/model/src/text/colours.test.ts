import { describe, expect, it } from '@jest/globals';
import { colourOf, nearestColour } from './colours.js';

describe('colours', () => {
  it('are the eleven basic ones and other words for them', () => {
    expect(['red', 'gray', 'grey', 'violet', 'sofa', 'toString'].map(colourOf)).toEqual(['red', 'grey', 'grey', 'purple', undefined, undefined]);
  });

  it.each([
    ['red', [200, 30, 30]], ['blue', [30, 60, 160]], ['green', [40, 110, 50]], ['yellow', [230, 210, 70]], ['white', [250, 250, 245]],
    ['black', [5, 5, 8]], ['grey', [120, 122, 125]], ['brown', [100, 70, 50]], ['orange', [230, 130, 30]], ['pink', [230, 160, 170]], ['purple', [110, 50, 130]],
  ] as const)('%s is what one calls so', (name, rgb) => {
    expect(nearestColour(rgb)).toBe(name);
  });
});
