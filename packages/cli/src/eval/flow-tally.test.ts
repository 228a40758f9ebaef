import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { withMotion } from './flow-tally.js';

describe('withMotion', () => {
  const frame = { width: 2, height: 1 };
  const said = { frame, reset: 'cut' } as unknown as Perception;

  it('has no motion where flow was asked for and none said', () => {
    expect(withMotion(said, ['depth', 'flow']).flow).toEqual({ ...frame, pixels: new Float32Array(4) });
  });

  it('leaves what was said, and what was not asked for, alone', () => {
    expect(withMotion(said, ['depth'])).toBe(said);
    const moved = { ...said, flow: { ...frame, pixels: Float32Array.of(1, 2, 3, 4) } };
    expect(withMotion(moved, ['flow'])).toBe(moved);
  });
});
