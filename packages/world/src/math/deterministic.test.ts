import { describe, expect, it } from '@jest/globals';
import { acos, asin, atan2, cos, exp, ln, pow, sin, tan } from './deterministic.js';
import { identity, lookAt, multiply, rigidInverse, rotation, rotationZ, transformPoint, translation } from './mat4.js';
import { Rng } from './rng.js';

/** Largest error of `mine` against `reference` over `n` draws, relative to max(1, |reference|) * scale. */
function worst(n: number, draw: (rng: Rng) => number, mine: (x: number) => number, reference: (x: number) => number, relative = false): number {
  const rng = new Rng(5);
  let error = 0;
  for (let i = 0; i < n; i++) {
    const x = draw(rng), r = reference(x);
    error = Math.max(error, Math.abs(mine(x) - r) / (relative ? Math.abs(r) : Math.max(1, Math.abs(r))));
  }
  return error;
}

describe('deterministic functions stay within 1e-14 of the platform library', () => {
  const near = (r: Rng): number => r.range(-10, 10);
  const far = (r: Rng): number => r.range(-1e5, 1e5);
  const unit = (r: Rng): number => r.range(-1, 1);
  it.each([
    ['sin', worst(20000, near, sin, Math.sin)], ['sin far', worst(20000, far, sin, Math.sin)],
    ['cos', worst(20000, near, cos, Math.cos)], ['cos far', worst(20000, far, cos, Math.cos)],
    ['tan', worst(20000, (r) => r.range(-1.5, 1.5), tan, Math.tan)],
    ['acos', worst(20000, unit, acos, Math.acos)], ['asin', worst(20000, unit, asin, Math.asin)],
    ['atan2', worst(20000, near, (x) => atan2(x, 3 - x * x), (x) => Math.atan2(x, 3 - x * x))],
    ['exp', worst(20000, (r) => r.range(-700, 700), exp, Math.exp, true)],
    ['ln', worst(20000, (r) => r.range(1e-6, 1e3), ln, Math.log)],
    ['ln of tiny', worst(1000, (r) => r.range(1e-320, 1e-300), ln, Math.log)],
  ])('%s', (_, error) => expect(error).toBeLessThan(1e-14));

  it('pow, to 1e-13', () => {
    expect(worst(20000, (r) => r.range(0.001, 100), (x) => pow(x, 2.4), (x) => Math.pow(x, 2.4), true)).toBeLessThan(1e-13);
  });

  it('ends of the ranges', () => {
    expect([exp(0), exp(-800), exp(800), ln(1), ln(0), pow(0, 2), pow(5, 0), sin(0), cos(0), acos(1), acos(-1), atan2(0, -1), atan2(0, 0)])
      .toEqual([1, 0, Infinity, 0, -Infinity, 0, 1, 0, 1, 0, Math.PI, Math.PI, 0]);
    expect(exp(-740)).toBeCloseTo(Math.exp(-740), 300);
  });
});

describe('mat4', () => {
  it('undoes a rigid motion', () => {
    const m = multiply(translation(1, 2, 3), rotation([1, 2, 2], 0.7), rotationZ(-2));
    multiply(m, rigidInverse(m)).forEach((x, i) => expect(x).toBeCloseTo(identity()[i], 12));
  });

  it('looks along +z of the optical frame with y down', () => {
    const m = lookAt([1, 0, 1], [5, 0, 1]);
    expect(transformPoint(m, [0, 0, 2])).toEqual([3, 0, 1]);
    const [, , down] = transformPoint(m, [0, 1, 0]);
    expect(down).toBeCloseTo(0, 12);
    expect(transformPoint(m, [1, 0, 0])[1]).toBeCloseTo(-1, 12);
  });
});
