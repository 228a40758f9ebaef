import { describe, expect, it } from '@jest/globals';
import { checkMemory, estimateMemory } from './memory.js';

const MIB = 2 ** 20;
/** The files of models/nano 0.11.0, of which the peaks were measured. */
const NANO = { files: [{ path: 'all of them', sha256: '', bytes: 43_790_563 }], input: { multipleOf: 32, min: 64 } } as never;
/** Side of the square, and the worker's peak in MiB: the highest of all ways of generating and all tries (docs/generation.md). */
const PEAKS = {
  generate: [[64, 327], [128, 345], [256, 481], [384, 703], [512, 1179], [768, 3208]],
  joint: [[64, 371], [128, 419], [256, 633], [384, 1036], [512, 1918], [768, 5904]],
} as const;

describe('estimateMemory', () => {
  it.each(['generate', 'joint'] as const)('lies above what was measured of %s, by at most a third', (task) => {
    for (const [side, peak] of PEAKS[task]) {
      const estimate = estimateMemory(NANO, task, { width: side, height: side }) / MIB;
      expect([side, estimate >= peak, estimate <= (4 / 3) * peak]).toEqual([side, true, true]);
    }
  });

  it('counts attention at the size at which frames are sampled', () => {
    const tasks = { generate: { base: { width: 256, height: 192 }, painted: { rgb: 'paint.rgb' } } };
    const at = (side: number, manifest: object): number => estimateMemory({ ...(NANO as object), ...manifest } as never, 'generate', { width: side, height: side });
    expect(at(192, { tasks })).toBe(at(192, {}));
    expect(at(768, { tasks })).toBeLessThan(at(768, {}) / 1.9);
  });

  it('depends on the area, not on the shape', () => {
    expect(estimateMemory(NANO, 'joint', { width: 64, height: 256 })).toBe(estimateMemory(NANO, 'joint', { width: 128, height: 128 }));
  });
});

describe('checkMemory', () => {
  const size = { width: 256, height: 128 };
  const needed = estimateMemory(NANO, 'joint', size);

  it('gives the estimate where there is as much', () => {
    expect(checkMemory(NANO, 'joint', size, needed)).toBe(needed);
    expect(checkMemory(NANO, 'generate', { width: 64, height: 64 }, needed)).toBeLessThan(needed);
  });

  it('refuses with both figures where there is less', () => {
    expect(() => checkMemory(NANO, 'joint', size, 100 * MIB)).toThrow(expect.objectContaining({
      code: 'too-large', message: `frames of 256x128 need about ${Math.round(needed / MIB)} MiB of memory (task joint), 100 MiB are free`,
      details: { ...size, task: 'joint', neededBytes: needed, availableBytes: 100 * MIB },
    }));
  });
});
