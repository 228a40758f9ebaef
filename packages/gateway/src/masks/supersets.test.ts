import { expect, it } from '@jest/globals';
import { withSupersets } from './supersets.js';

it('classes get their supersets by name, and keep what the model says', () => {
  const own = { name: 'mine', color: [1, 2, 3] } as const;
  const named = withSupersets([
    { id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 7, name: 'chair', color: [9, 9, 9], thing: true },
    { id: 8, name: 'chair', color: [9, 9, 9], thing: true, superset: own }, { id: 9, name: 'giraffe', color: [9, 9, 9], thing: true },
  ]);
  expect(named.map(({ superset }) => superset)).toEqual([undefined, { name: 'furniture', color: [160, 90, 200] }, own, undefined]);
});
