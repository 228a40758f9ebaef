import { describe, expect, it } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { lastValueFrom, map, take, toArray } from 'rxjs';
import { ManualClock } from '../../test/manual-clock.js';
import type { PlaybackOptions } from '../source-options.js';
import { FrameGate } from './frame-gate.js';
import { frameStream } from './frame-stream.js';
import type { Picture, PictureReader, ReadContext } from './picture.js';

const MS = 1_000_000n;
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** `count` 1x1 pictures `every` milliseconds apart, with a log of what was asked of the reader. */
function counting(count: number, every: number, log: string[] = []): PictureReader {
  // eslint-disable-next-line @typescript-eslint/require-await -- readers are asynchronous, this one has nothing to wait for
  return async function* ({ start }): AsyncGenerator<Picture> {
    log.push(`open ${start}`);
    try {
      for (let index = start; index < count; index += 1) {
        log.push(`read ${index}`);
        yield { index, stamp: BigInt(index * every) * MS, width: 1, height: 1, rgb: new Uint8Array([index, 0, 0]) };
      }
    } finally {
      log.push('close');
    }
  };
}

describe('frameStream', () => {
  it('is cold: each subscription plays by itself', async () => {
    const log: string[] = [];
    const source = frameStream(counting(1, 40, log), { realtime: false });
    expect(log).toEqual([]);
    await lastValueFrom(source);
    await lastValueFrom(source);
    expect(log).toEqual(['open 0', 'read 0', 'close', 'open 0', 'read 0', 'close']);
  });

  it('plays at the rate of capture', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    await new Promise<void>((resolve, error) => frameStream(counting(4, 40), {}, clock).subscribe({ next: () => at.push(clock.now()), complete: resolve, error }));
    expect(at).toEqual([0, 40, 80, 120]);
  });

  it('moves the schedule after a stall instead of catching up in a burst', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const next = (frame: Frame): void => {
      at.push(clock.now());
      if (frame.sequence === 1) clock.advance(500);
    };
    await new Promise<void>((complete, error) => frameStream(counting(5, 40), {}, clock).subscribe({ next, complete, error }));
    expect(at).toEqual([0, 40, 540, 580, 620]);
  });

  it('does not wait for a time that no timer can, which is a clock that was set', async () => {
    const clock = new ManualClock();
    const days = 30 * 24 * 3600 * 1000;
    const at: number[] = [];
    const set = async function* (context: ReadContext): AsyncGenerator<Picture> {
      for await (const picture of counting(4, 40)(context)) yield { ...picture, stamp: picture.stamp + (picture.index < 2 ? 0n : BigInt(days) * MS) };
    };
    await new Promise<void>((complete, error) => frameStream(set, {}, clock).subscribe({ next: () => at.push(clock.now()), complete, error }));
    expect(at).toEqual([0, 40, 40, 80]);
  });

  it('plays as slowly as it is asked to, also where a timer cannot wait that long at once', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    await new Promise<void>((complete, error) => frameStream(counting(3, 40), { speed: 1e-8 }, clock).subscribe({ next: () => at.push(clock.now()), complete, error }));
    expect(at).toEqual([0, 4e9, 8e9]);
    expect(Math.max(...clock.sleeps)).toBe(2 ** 31 - 1);
  });

  it('loops at the rate of the pictures where the clock was set before the last one', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const set = async function* (context: ReadContext): AsyncGenerator<Picture> {
      for await (const picture of counting(3, 40)(context)) yield picture.index < 2 ? picture : { ...picture, stamp: picture.stamp + 3_600_000n * MS, clockSet: true };
    };
    await new Promise<void>((complete, error) => frameStream(set, { loop: true }, clock).pipe(take(5)).subscribe({ next: () => at.push(clock.now()), complete, error }));
    expect(at).toEqual([0, 40, 40, 80, 120]);
  });

  it('thins by capture time to the rate asked for', async () => {
    const frames = await lastValueFrom(frameStream(counting(12, 40), { realtime: false, rate: 12.5 }).pipe(toArray()));
    expect(frames.map((f) => f.sequence)).toEqual([0, 2, 4, 6, 8, 10]);
    const odd = await lastValueFrom(frameStream(counting(30, 100), { realtime: false, rate: 7 }).pipe(toArray()));
    expect(odd).toHaveLength(21);
  });

  it('counts from the first picture where stamps are of a clock of their own: in a loop that starts later, and for the seconds left out', async () => {
    const origin = 1_700_000_000_000n * MS;
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    const epoch: PictureReader = async function* ({ start }): AsyncGenerator<Picture> {
      for (let index = start; index < 4; index += 1) yield { index, stamp: origin + BigInt(index * 100) * MS, origin, width: 1, height: 1, rgb: new Uint8Array(3) };
    };
    const stamps = (options: PlaybackOptions): Promise<number[]> =>
      lastValueFrom(frameStream(epoch, { realtime: false, ...options }).pipe(take(4), map(({ stamp }) => Number((stamp - origin) / MS)), toArray()));
    expect(await stamps({ start: 3, loop: true })).toEqual([300, 400, 500, 600]);
    expect(await stamps({ start: 1, startSeconds: 0.2 })).toEqual([200, 300]);
  });

  it('numbers the rounds of a loop without a gap where seconds are left out: nothing was dropped', async () => {
    const frames = await lastValueFrom(frameStream(counting(4, 100), { realtime: false, startSeconds: 0.2, loop: true }).pipe(take(5), toArray()));
    expect(frames.map((f) => [f.sequence, Number(f.stamp / MS)])).toEqual([[2, 200], [3, 300], [4, 400], [5, 500], [6, 600]]);
  });

  it('says where the seconds left out are all there are, looped or not', async () => {
    for (const loop of [false, true]) {
      await expect(lastValueFrom(frameStream(counting(4, 100), { realtime: false, startSeconds: 100, loop }))).rejects.toMatchObject({
        code: 'bad-argument', message: 'startSeconds of 100 leaves out the whole recording: its last picture is 0.300 s after its first', details: { startSeconds: 100, lengthSeconds: 0.3 },
      });
    }
    expect(await lastValueFrom(frameStream(counting(4, 100), { realtime: false, startSeconds: 0.3 }).pipe(toArray()))).toHaveLength(1);
    expect(await lastValueFrom(frameStream(counting(4, 100), { realtime: false, startSeconds: 100, start: 4 }).pipe(toArray()))).toEqual([]); // nothing came
  });

  it('waits at the gate: no more frames out than its limit', async () => {
    const log: string[] = [];
    const gate = new FrameGate(2);
    const seen: number[] = [];
    frameStream(counting(9, 40, log), { realtime: false, gate }).subscribe((frame) => seen.push(frame.sequence));
    await settle();
    expect(seen).toEqual([0, 1]);
    expect(gate.underWay).toBe(2);
    expect(log.at(-1)).toBe('read 2'); // one is in hand, nothing is read beyond it
    gate.release();
    await settle();
    expect(seen).toEqual([0, 1, 2]);
  });

  it('closes the reader on unsubscription, also while it waits at the gate or for the time', async () => {
    for (const options of [{ realtime: false, gate: new FrameGate(1) }, { realtime: true }]) {
      const log: string[] = [];
      const subscription = frameStream(counting(9, 60_000, log), options).subscribe();
      await settle();
      expect(log).not.toContain('close');
      subscription.unsubscribe();
      await settle();
      expect(log.at(-1)).toBe('close');
    }
  });

  it('closes the reader when enough was taken, and passes errors on', async () => {
    const log: string[] = [];
    await lastValueFrom(frameStream(counting(9, 1, log), { realtime: false }).pipe(take(2)));
    await settle();
    expect(log.at(-1)).toBe('close');
    const failing = frameStream(async function* () {
      yield* counting(2, 1)({ start: 0, skip: 0n, leftOut: () => {}, signal: new AbortController().signal, maxPixels: 1, onIssue: () => {} });
      throw new Error('broken');
    }, { realtime: false });
    const seen: number[] = [];
    const error = await new Promise((resolve) => failing.subscribe({ next: (f) => seen.push(f.sequence), error: resolve }));
    expect([seen, (error as Error).message]).toEqual([[0, 1], 'broken']);
  });
});
