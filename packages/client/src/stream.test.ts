import { describe, expect, it } from '@jest/globals';
import { Observable, Subject, take, toArray, firstValueFrom } from 'rxjs';
import { Aligner } from './aligned.js';
import { Backoff } from './backoff.js';
import { Stream } from './stream.js';
import type { AnyResult, FrameResult } from './results.js';

describe('Stream', () => {
  it('is an observable, cold', async () => {
    let subscribed = 0;
    const stream = new Stream(new Observable<number>((subscriber) => {
      subscribed += 1;
      for (const value of [1, 2, 3]) subscriber.next(value);
    }));
    expect(subscribed).toBe(0);
    expect(await firstValueFrom(stream.pipe(take(2), toArray()))).toEqual([1, 2]);
    expect(subscribed).toBe(1);
  });

  it('iterates over the newest, releases those passed over, and unsubscribes when left', async () => {
    const source = new Subject<number>();
    const released: number[] = [];
    const seen: number[] = [];
    const loop = (async () => {
      for await (const value of new Stream(source, (one) => released.push(one))) {
        seen.push(value);
        if (value === 5) break;
        for (let i = 1; i <= 2; i += 1) source.next(value + i);
      }
    })();
    source.next(1);
    await loop;
    expect(seen).toEqual([1, 3, 5]);
    expect(released).toEqual([2, 4]);
    expect(source.observed).toBe(false);
  });

  it('ends with its source, and throws its error once', async () => {
    const source = new Subject<number>();
    const iterator = new Stream(source)[Symbol.asyncIterator]();
    const next = iterator.next();
    source.error(new Error('no'));
    await expect(next).rejects.toThrow('no');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    const done = new Stream(new Observable<number>((subscriber) => subscriber.complete()))[Symbol.asyncIterator]();
    expect(await done.next()).toEqual({ done: true, value: undefined });
  });
});

describe('Aligner', () => {
  const part = (kind: 'masks' | 'depth' | 'picture', sequence: number, closed?: number[]): AnyResult =>
    ({ kind, sequence, clip: 0, stamp: BigInt(sequence), bytes: 10, latency: { modelMs: 1, deliveryMs: sequence, decodeMs: 0, totalMs: 1 + sequence }, ...(kind === 'picture' && { bitmap: { close: () => closed?.push(sequence) } }) }) as unknown as AnyResult;

  it('emits a frame when all of it is there, and lets go of older ones that never will be', () => {
    const frames: FrameResult[] = [];
    const closed: number[] = [];
    const aligner = new Aligner(new Set(['masks', 'picture']), (frame) => frames.push(frame));
    aligner.add(part('picture', 1, closed));
    aligner.add(part('picture', 2, closed));
    aligner.add(part('masks', 2));
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ kind: 'frame', sequence: 2, bytes: 20, masks: { sequence: 2 }, picture: { sequence: 2 } });
    expect(closed).toEqual([1]);
    for (let i = 3; i < 12; i += 1) aligner.add(part('picture', i, closed));
    expect(closed).toEqual([1, 3, 4, 5, 6, 7]);
    aligner.clear();
    expect(closed).toHaveLength(10);
  });
});

describe('Backoff', () => {
  it('doubles with jitter up to its maximum, and ends with its attempts', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 1000, attempts: 6 });
    const pauses = Array.from({ length: 7 }, () => backoff.next());
    [100, 200, 400, 800, 1000, 1000].forEach((full, i) => {
      expect(pauses[i]).toBeGreaterThanOrEqual(full / 2);
      expect(pauses[i]).toBeLessThanOrEqual(full);
    });
    expect(pauses[6]).toBeUndefined();
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});
