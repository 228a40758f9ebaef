import type { Frame } from '@sextant/core';
import { BehaviorSubject, Subject } from 'rxjs';
import { capRate } from './cap-rate.js';

const at = (ms: number): Frame => ({ stamp: BigInt(Math.round(ms * 1e6)), frameId: 'c', sequence: 0, width: 1, height: 1, rgb: new Uint8Array(3) });

describe('capRate', () => {
  const hz$ = new BehaviorSubject(0);
  const frames$ = new Subject<Frame>();
  let kept: number[] = [];
  frames$.pipe(capRate(hz$)).subscribe(({ stamp }) => kept.push(Number(stamp / 1_000_000n)));
  const play = (from: number, count: number, period: number): number => {
    kept = [];
    for (let i = 0; i < count; i++) frames$.next(at(from + i * period));
    return kept.length;
  };

  it('lets everything through at 0, and thins by stamps at a rate that changes', () => {
    expect(play(0, 90, 33.3)).toBe(90);
    hz$.next(10);
    expect(play(3000, 90, 33.3)).toBe(30);
    hz$.next(20);
    expect(Math.abs(play(6000, 90, 33.3) - 60)).toBeLessThanOrEqual(1);
  });

  it('goes on at once when the clock jumps back or far ahead', () => {
    hz$.next(10);
    play(10_000, 30, 33.3);
    expect(play(500, 3, 100)).toBe(3);
    expect(play(90_000, 3, 100)).toBe(3);
  });
});
