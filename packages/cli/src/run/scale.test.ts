import { describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import { BehaviorSubject } from 'rxjs';
import type { Modality } from '@sextant/core';
import { fromRange, fromScan, watchScale, withScaleNeeds } from './scale.js';

describe('ranges of topics', () => {
  it('are taken where they say something', () => {
    const range = { min_range: 0.1, max_range: 4, field_of_view: 0.4 };
    expect(fromRange({ ...range, range: 1.5 })).toEqual([{ x: 0, y: 0, metres: 1.5, halfAngle: 0.2 }]);
    for (const bad of [0, -1, NaN, Infinity, 5, 0.05]) expect(fromRange({ ...range, range: bad })).toEqual([]);
  });

  it('of a scan become directions of the optical frame', () => {
    const samples = fromScan({ angle_min: -Math.PI / 4, angle_increment: Math.PI / 4, range_min: 0.1, range_max: 10, ranges: [Math.SQRT2, 2, NaN, 3] });
    expect(samples).toHaveLength(2);
    expect(samples[0].x).toBeCloseTo(1, 9); // to the right
    expect(samples[0].metres).toBeCloseTo(1, 9);
    expect(samples[1]).toMatchObject({ metres: 2 });
  });
});

it('the scale follows its parameter, and stays where it is given nonsense', () => {
  const bridge = createBridge({ parameters: { scale: '2' } });
  const told = jest.fn();
  const seen: unknown[] = [];
  watchScale(bridge, told).subscribe((spec) => seen.push(spec));
  bridge.parameters.set({ scale: 'a lot' });
  bridge.parameters.set({ scale: 'camera-height:1' });
  expect(seen).toEqual([{ kind: 'factor', factor: 2 }, { kind: 'factor', factor: 2 }, { kind: 'camera-height', metres: 1 }]);
  expect(told).toHaveBeenCalledWith(expect.stringContaining("the scale 'a lot'"));
});

it('what a scale is taken from is computed while depth is', () => {
  const wanted$ = new BehaviorSubject<readonly Modality[]>(['flow']);
  const seen: (readonly Modality[])[] = [];
  wanted$.pipe(withScaleNeeds(new BehaviorSubject({ kind: 'camera-height', metres: 1 } as const), ['depth', 'flow', 'segmentation'])).subscribe((list) => seen.push(list));
  wanted$.next(['depth']);
  expect(seen).toEqual([['flow'], ['depth', 'segmentation']]);
});
