import { describe, expect, it } from '@jest/globals';
import { table, withBaseline } from './report.js';
import type { Report } from './report.js';

const report: Report = {
  task: 'flow', set: 'real', items: 2, frames: 3, metrics: { epe: 1.25, fl: Number.NaN, perClass: { person: 0.5 } }, baselines: { zero: { epe: 20.06, frames: 4 } },
};

describe('reports', () => {
  it('are a table of all figures that anybody has, groups below', () => {
    expect(table(report, 'nano')).toEqual([
      'flow on real: 2 items, 3 frames',
      '          epe  fl  frames',
      '  nano  1.250   -',
      '  zero   20.1           4',
      '  perClass: person 0.500',
    ]);
  });

  it('take a baseline from the same task and set only', () => {
    const others = [{ task: 'flow', set: 'world', metrics: { epe: 9 } }, { task: 'flow', set: 'real', metrics: { epe: 2 } }] as const;
    expect(withBaseline([report], 'dis', others)[0].baselines).toEqual({ zero: { epe: 20.06, frames: 4 }, dis: { epe: 2 } });
    expect(withBaseline([report], 'dis', others.slice(0, 1))).toEqual([report]);
  });
});
