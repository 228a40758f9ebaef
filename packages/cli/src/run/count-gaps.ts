import type { DropSink, Frame } from '@sextant/core';
import { tap } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';

/** Counts pictures that a source made and did not emit (gaps of `sequence`) as dropped at `source`. */
export function countGaps(drops: DropSink): MonoTypeOperatorFunction<Frame> {
  let last: number | undefined;
  return tap(({ sequence }) => {
    if (last !== undefined && sequence > last + 1) drops.add('source', sequence - last - 1);
    last = sequence;
  });
}
