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

  it('lies above what was measured where larger frames are sampled at a smaller size', () => {
    const painted = { rgb: 'paint.rgb' };
    const smaller = {
      ...(NANO as object), files: [{ bytes: 38_375_000 }],
      tasks: { generate: { base: { width: 256, height: 192 }, painted }, joint: { base: { width: 128, height: 128 }, painted } },
    } as never;
    // models/nano 0.19.1
    const peaks = { generate: [[64, 289], [128, 319], [256, 410], [384, 477], [512, 557], [768, 885]], joint: [[64, 339], [128, 378], [256, 436], [384, 510], [512, 586], [768, 924]] } as const;
    for (const task of ['generate', 'joint'] as const) {
      for (const [side, peak] of peaks[task]) {
        const estimate = estimateMemory(smaller, task, { width: side, height: side }) / MIB;
        expect([task, side, estimate >= peak, estimate <= (4 / 3) * peak]).toEqual([task, side, true, true]);
      }
    }
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
