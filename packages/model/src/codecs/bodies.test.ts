import { describe, expect, it } from '@jest/globals';
import type { DensePoseMap, SegmentationClass } from '@sextant/core';
import { findBodies } from './bodies.js';

const classes: SegmentationClass[] = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [1, 0, 0], thing: true },
  { id: 5, name: 'chair', color: [0, 0, 1], thing: true },
];
const body = (width: number, rows: string[]): DensePoseMap => {
  const part = Uint8Array.from(rows.join(''), (c) => Number(c));
  return { width, height: rows.length, part, u: new Uint8Array(part.length), v: new Uint8Array(part.length) };
};
const left = ['330024', '330024', '330024', '330024', '330024', '330024'];

describe('findBodies', () => {
  it('numbers separate bodies when nothing else is known, and leaves specks out', () => {
    const map = body(6, [...left, '000000', '700000']);
    expect([...findBodies(map, { classes }).subarray(0, 6)]).toEqual([1, 1, 0, 0, 2, 2]);
    expect(findBodies(map, { classes })[42]).toBe(0);
  });

  it("takes the segmentation's people, at its own size, and fills what it leaves open", () => {
    // The right body lies on person 7, except for a column where the segmentation sees a chair (instance 9).
    const labels = Uint8Array.from({ length: 9 }, (_, i) => [0, 5, 1][i % 3]);
    const instances = Uint16Array.from({ length: 9 }, (_, i) => [0, 9, 7][i % 3]);
    const segmentation = { width: 3, height: 3, labels, instances };
    const person = findBodies(body(6, ['330244', '330244', '330244', '330244', '330244', '330244']), { segmentation, classes });
    expect([...person.subarray(0, 6)]).toEqual([10, 10, 0, 7, 7, 7]);
  });

  it("follows the skeleton's people where they touch", () => {
    const owners = { count: 4, at: (x: number) => (x === 0 ? 0 : x < 3 ? 4 : 2) };
    expect([...findBodies(body(6, ['111111', '111111']), { owners, classes }).subarray(0, 6)]).toEqual([2, 4, 4, 2, 2, 2]);
  });
});
