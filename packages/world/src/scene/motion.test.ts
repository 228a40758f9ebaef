import { describe, expect, it } from '@jest/globals';
import { circling, passing } from './motion.js';

describe('paths', () => {
  it('goes on smoothly where a passing path starts over', () => {
    const path = passing(0, 0, 0, 0, 2, 10);
    // It leaves at x = 5 after 2.5 s and enters again at x = -5.
    expect(path.at(2.49)[3]).toBeCloseTo(4.98, 9);
    expect(path.at(2.51)[3]).toBeCloseTo(-4.98, 9);
    expect(path.at(2.51)[3] - path.before(2.51, 2.41)[3]).toBeCloseTo(0.2, 9);
  });

  it('walks a circle at its speed, facing along it', () => {
    const path = circling(1, 2, 0, 3, 0.4, 1.5);
    const a = path.at(1), b = path.at(1.001);
    const dx = (b[3] - a[3]) / 0.001, dy = (b[7] - a[7]) / 0.001;
    expect(Math.hypot(dx, dy)).toBeCloseTo(1.5, 4);
    expect(dx / 1.5).toBeCloseTo(a[0], 2);
    expect(dy / 1.5).toBeCloseTo(a[4], 2);
  });
});
