import { describe, expect, it } from '@jest/globals';
import type { FrameOptions, FrameResult, Streams } from '@sextant/client';
import { Observable } from 'rxjs';
import type { Subscriber } from 'rxjs';
import { Player } from './player.js';

/** A source that notes who subscribes and unsubscribes, in order, and sends frames when told. */
function source(): { streams: Streams; log: string[]; send: (sequence: number) => { closed: boolean }; fail: (error: Error) => void } {
  const log: string[] = [];
  let listener: Subscriber<FrameResult> | undefined;
  const frames = (options: FrameOptions): Observable<FrameResult> =>
    new Observable((subscriber) => {
      const name = Object.keys(options).join('+');
      log.push(`+${name}`);
      listener = subscriber;
      return () => log.push(`-${name}`);
    });
  return {
    streams: { frames } as unknown as Streams,
    log,
    send: (sequence) => {
      const bitmap = { closed: false, close: () => { bitmap.closed = true; } };
      listener?.next({ kind: 'frame', sequence, picture: { bitmap } } as unknown as FrameResult);
      return bitmap;
    },
    fail: (error) => listener?.error(error),
  };
}

function player(): { player: Player; seen: number[]; errors: unknown[] } {
  const [seen, errors]: [number[], unknown[]] = [[], []];
  const made = new Player({ frame: ({ sequence }) => seen.push(sequence), error: (error) => errors.push(error), state: () => {} });
  return { player: made, seen, errors };
}

describe('Player', () => {
  it('asks anew before it lets go, once for each change', () => {
    const { streams, log } = source();
    const { player: it } = player();
    it.setSource(streams);
    it.want({ picture: {} });
    it.want({ picture: {} });
    it.want({ picture: {}, depth: {} });
    it.want(undefined);
    expect(log).toEqual(['+picture', '+picture+depth', '-picture', '-picture+depth']);
  });

  it('asks for nothing while paused or hidden', () => {
    const { streams, log } = source();
    const { player: it } = player();
    it.setSource(streams);
    it.want({ masks: {} });
    it.setPaused(true);
    it.setHidden(true);
    it.setPaused(false);
    expect(log).toEqual(['+masks', '-masks']);
    it.setHidden(false);
    expect(log).toEqual(['+masks', '-masks', '+masks']);
  });

  it('steps by one frame', () => {
    const { streams, log, send } = source();
    const { player: it, seen } = player();
    it.setSource(streams);
    it.want({ masks: {} });
    send(1);
    it.step();
    expect([it.paused, it.stepping]).toEqual([true, true]);
    send(2);
    send(3);
    expect(seen).toEqual([1, 2]);
    expect([it.paused, it.stepping]).toEqual([true, false]);
    expect(log).toEqual(['+masks', '-masks']);
    it.step();
    send(4);
    expect(seen).toEqual([1, 2, 4]);
  });

  it('closes a picture when the next one comes, and the last one with its source', () => {
    const { streams, send } = source();
    const { player: it } = player();
    it.setSource(streams);
    it.want({ picture: {} });
    const first = send(1);
    expect(first.closed).toBe(false);
    const second = send(2);
    expect([first.closed, second.closed]).toEqual([true, false]);
    expect(it.frame?.sequence).toBe(2);
    it.setSource(undefined);
    expect(second.closed).toBe(true);
    expect(it.frame).toBeUndefined();
  });

  it('tells an error and asks again when something else is wanted', () => {
    const { streams, log, fail } = source();
    const { player: it, errors } = player();
    it.setSource(streams);
    it.want({ picture: {} });
    fail(new Error('refused'));
    expect(errors).toEqual([new Error('refused')]);
    it.want({ depth: {} });
    expect(log.at(-1)).toBe('+depth');
  });
});
