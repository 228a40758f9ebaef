import { describe, expect, it } from '@jest/globals';
import { between, blend, multiply, rotate } from './quaternion.js';

const turned = (q: Float64Array, v: readonly [number, number, number]): number[] => {
  const out = new Float64Array(3);
  rotate(out, 0, q, 0, ...v);
  return [...out];
};
const close = (a: readonly number[], b: readonly number[]): void => a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 12));

describe('quaternions', () => {
  it('between() turns one direction into another', () => {
    const q = new Float64Array(4);
    for (const [from, to] of [[[1, 0, 0], [0, 2, 0]], [[0, 0, -3], [1, 0, 0]], [[1, 0, 0], [-1, 0, 0]], [[0, 1, 0], [0, -1, 0]]] as const) {
      between(q, 0, from, to);
      const size = Math.hypot(...from), target = Math.hypot(...to);
      close(turned(q, from), to.map((value) => (value * size) / target));
    }
  });

  it('multiply() applies the right factor first', () => {
    const yaw = new Float64Array(4), pitch = new Float64Array(4), both = new Float64Array(4);
    between(yaw, 0, [1, 0, 0], [0, 1, 0]);
    between(pitch, 0, [1, 0, 0], [0, 0, 1]);
    multiply(both, 0, yaw, 0, pitch, 0);
    close(turned(both, [1, 0, 0]), [0, 0, 1]);
    close(turned(both, [0, 0, -1]), [0, 1, 0]);
  });

  it('blend() goes the short way and keeps unit length', () => {
    const a = Float64Array.of(0, 0, 0, 1), b = Float64Array.of(0, 0, -Math.SQRT1_2, -Math.SQRT1_2), out = new Float64Array(4);
    blend(out, 0, a, 0, b, 0, 0.5);
    expect(Math.hypot(...out)).toBeCloseTo(1, 12);
    close(turned(out, [1, 0, 0]), [Math.SQRT1_2, Math.SQRT1_2, 0]);
  });
});
