import { describe, expect, it } from '@jest/globals';
import { decodeFlow } from './flow.js';

describe('grid-flow', () => {
  it('turns pixels of the grid into pixels of the map, interleaved', () => {
    // Map 2x1 over a grid of 8x2: x shrinks by 4, y by 2.
    const output = { name: 'flow.flow', type: 'float32', data: Float32Array.of(8, -4, 2, 6, 0, 100), dims: [1, 3, 1, 2] };
    const map = decodeFlow([output], { width: 8, height: 2 });
    expect(map).toMatchObject({ width: 2, height: 1 });
    expect([...map.pixels]).toEqual([2, 1, -1, 3]);
    expect([...(map.confidence ?? [])]).toEqual([0.5, 1]);
  });
});
