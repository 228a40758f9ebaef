import { expect, it } from '@jest/globals';
import { MODALITIES } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { BehaviorSubject, ReplaySubject } from 'rxjs';
import { offered } from './offered.js';

it('a run offers what its settings, its model and its parameter allow, from the beginning', () => {
  const [model$, allowed$] = [new ReplaySubject<{ readonly modalities: readonly Modality[] }>(1), new BehaviorSubject<unknown>(MODALITIES)];
  const seen: (readonly Modality[])[] = [];
  offered(['depth', 'flow', 'skeleton'], model$, allowed$).subscribe((now) => seen.push(now));
  model$.next({ modalities: ['flow', 'depth', 'segmentation'] });
  allowed$.next(['depth', 'segmentation']);
  allowed$.next([]);
  expect(seen).toEqual([['depth', 'flow', 'skeleton'], ['depth', 'flow'], ['depth'], []]);
});
