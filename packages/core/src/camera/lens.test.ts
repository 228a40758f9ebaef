import { describe, expect, it } from '@jest/globals';
import { lensOf } from './lens.js';

const EIGHT = [0.1, -0.2, 0.001, 0.001, 0.05, 0.2, -0.1, 0.02];
const PRISM = [0.02, 0.01, -0.02, 0.01];

describe('lensOf', () => {
  it.each([
    ['plumb_bob', [-0.2, 0.05, 0, 0, 0], 'plumb_bob', [-0.2, 0.05, 0, 0, 0]],
    ['rational_polynomial', [...EIGHT, 0, 0, 0, 0], 'rational_polynomial', EIGHT],
    ['rational_polynomial', [...EIGHT, ...PRISM, 0, 0], 'rational_polynomial', [...EIGHT, ...PRISM]],
    ['rational_polynomial', Array<number>(14).fill(0), 'none', []],
    ['fisheye', [0, 0, 0, 0], 'equidistant', [0, 0, 0, 0]],
    ['', [0, 0, 0, 0, 0], 'none', []],
    ['none', [], 'none', []],
  ])('%s %j is %s %j', (word, given, distortionModel, d) => {
    expect(lensOf(word, given, '/info')).toEqual({ distortionModel, d });
  });

  it.each([
    ['scaramuzza', [], "/info has the lens model 'scaramuzza'"],
    ['toString', [], "/info has the lens model 'toString'"],
    ['', [-0.3, 0.1, 0, 0, 0], "/info has coefficients (-0.3, 0.1, 0, 0, 0) of the lens model ''"],
    ['none', [-0.3], "/info has coefficients (-0.3) of the lens model 'none'"],
    ['rational_polynomial', [...EIGHT, ...PRISM, 0, 0.05], '/info has a tilted sensor (tau 0, 0.05)'],
  ])('refuses %s %j', (word, d, message) => {
    expect(() => lensOf(word, d, '/info')).toThrow(expect.objectContaining({ code: 'unsupported', message }));
  });
});
