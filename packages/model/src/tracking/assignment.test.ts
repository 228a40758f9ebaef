import { describe, expect, it } from '@jest/globals';
import { assign } from './assignment.js';

/** The best sum over every way to assign, staying free at a price of 1. */
function bestOfAll(cost: number[][], row = 0, taken = new Set<number>()): number {
  if (row === cost.length) return 0;
  let best = 1 + bestOfAll(cost, row + 1, taken);
  cost[row].forEach((c, j) => {
    if (taken.has(j) || c >= 1) return;
    best = Math.min(best, c + bestOfAll(cost, row + 1, new Set([...taken, j])));
  });
  return best;
}

describe('assign', () => {
  it('finds the smallest sum where the greedy choice does not', () => {
    expect([...assign(Float64Array.of(0.1, 0.2, 0.15, 0.9), 2, 2)]).toEqual([1, 0]);
  });

  it('leaves rows free that nothing fits', () => {
    expect([...assign(Float64Array.of(1, 1, 0.3, 1), 2, 2)]).toEqual([-1, 0]);
    expect([...assign(Float64Array.of(0.5, 0.2, 0.4), 3, 1)]).toEqual([-1, 0, -1]);
    expect([...assign(new Float64Array(0), 2, 0)]).toEqual([-1, -1]);
  });

  it('agrees with trying everything, in all shapes', () => {
    let state = 5;
    const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
    for (let trial = 0; trial < 60; trial++) {
      const [rows, columns] = [1 + (trial % 5), 1 + (Math.floor(trial / 5) % 5)];
      const cost = Array.from({ length: rows }, () => Array.from({ length: columns }, () => (random() < 0.3 ? 1 : random())));
      const result = assign(Float64Array.from(cost.flat()), rows, columns);
      const sum = [...result].reduce((total, j, i) => total + (j < 0 ? 1 : cost[i][j]), 0);
      expect(sum).toBeCloseTo(bestOfAll(cost), 10);
      const taken = [...result].filter((j) => j >= 0);
      expect(new Set(taken).size).toBe(taken.length);
    }
  });
});
