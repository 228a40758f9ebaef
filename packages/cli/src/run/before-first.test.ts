import { describe, expect, it } from '@jest/globals';
import { EMPTY, Subject, from, lastValueFrom, throwError, toArray } from 'rxjs';
import { beforeFirst } from './before-first.js';

describe('beforeFirst', () => {
  it('begins once, with the first value, which waits for it as those after it do', async () => {
    const [frames$, seen, begun] = [new Subject<number>(), [] as number[], [] as number[]];
    let ready = (): void => {};
    const subscription = frames$.pipe(beforeFirst(() => {
      begun.push(seen.length);
      return new Promise<void>((resolve) => (ready = resolve));
    })).subscribe((n) => seen.push(n));
    expect(begun).toEqual([]);
    frames$.next(1);
    frames$.next(2);
    expect([begun, seen]).toEqual([[0], []]);
    ready();
    await new Promise(setImmediate);
    expect(seen).toEqual([1, 2]);
    frames$.next(3);
    expect([begun, seen]).toEqual([[0], [1, 2, 3]]);
    subscription.unsubscribe();
    expect(frames$.observed).toBe(false);
  });

  it.each([['ends', EMPTY], ['fails', throwError(() => new Error('no camera'))]])('begins nothing where the source %s without a value', async (_how, source$) => {
    let begun = 0;
    const begin = (): Promise<void> => Promise.resolve(void (begun += 1));
    await lastValueFrom(source$.pipe(beforeFirst(begin), toArray())).catch(() => {});
    expect(begun).toBe(0);
  });

  it('fails with what it is begun by', async () => {
    await expect(lastValueFrom(from([1]).pipe(beforeFirst(() => Promise.reject(new Error('full')))))).rejects.toThrow('full');
  });
});
