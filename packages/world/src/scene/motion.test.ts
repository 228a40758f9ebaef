import { describe, expect, it } from '@jest/globals';
import { circling, driving, pacing } from './motion.js';
import type { Path } from './scene.js';

/** The longest way in metres, and the largest turn in radians, of the tenths of a second from `from` to `to`. */
function largestStep(path: Path, from: number, to: number): [metres: number, radians: number] {
  let metres = 0, radians = 0;
  for (let n = from * 10 + 1; n <= to * 10; n++) {
    const a = path.at((n - 1) / 10), b = path.at(n / 10);
    metres = Math.max(metres, Math.hypot(b[3] - a[3], b[7] - a[7]));
    radians = Math.max(radians, Math.acos(Math.min(1, a[0] * b[0] + a[4] * b[4])));
  }
  return [metres, radians];
}

describe('paths', () => {
  it('starts traffic over only where it cannot be seen', () => {
    const path = driving(3, 0, 0, 0, 9);
    expect([path.at(0)[3], path.at(12)[3]]).toEqual([3, 111]);
    expect(largestStep(path, 0, 110)[0]).toBeCloseTo(0.9, 9);
    // After a kilometre it comes from as far on the other side.
    expect(path.at(111)[3]).toBeCloseTo(3 + 999, 6);
    expect(path.at(112)[3]).toBeCloseTo(3 - 992, 6);
  });

  it('walks to and fro without a jump, turning round in a second', () => {
    const path = pacing(0, 0, 0, 0, 2, 10);
    // At x = 5 after 2.5 s, back at 0 after 6 s, at x = -5 after 8.5 s, and as at first after 12 s.
    for (const [t, x, ahead] of [[0, 0, 1], [1, 2, 1], [2.5, 5, 1], [3, 5, 0], [3.5, 5, -1], [6, 0, -1], [8.5, -5, -1], [9.5, -5, 1], [12, 0, 1], [13, 2, 1], [-1, -2, 1]]) {
      expect([path.at(t)[3], path.at(t)[0]]).toEqual([expect.closeTo(x, 9), expect.closeTo(ahead, 9)]);
    }
    const [metres, radians] = largestStep(path, -20, 40);
    expect(metres).toBeCloseTo(0.2, 9);
    expect(radians).toBeCloseTo(Math.PI / 10, 6);
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
