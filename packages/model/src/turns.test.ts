import { describe, expect, it } from '@jest/globals';
import { dropCounter } from '@sextant/core';
import { NEVER, Observable, Subject, of } from 'rxjs';
import { Turns, inTurn } from './turns.js';

describe('inTurn', () => {
  /** A model that finishes when told to, and who it served. */
  const model = () => {
    const served: string[] = [];
    const ends: (() => void)[] = [];
    const run = (name: string): Observable<string> =>
      new Observable((subscriber) => {
        served.push(name);
        ends.push(() => {
          subscriber.next(name);
          subscriber.complete();
        });
      });
    return { served, run, finish: () => ends.shift()?.() };
  };

  it('serves those who ask in turn, however fast they ask, each with its newest', () => {
    const turns = new Turns();
    const { served, run, finish } = model();
    const drops = dropCounter();
    const cameras = ['a', 'b', 'c'].map(() => new Subject<string>());
    const results: string[] = [];
    for (const camera of cameras) camera.pipe(inTurn(turns, run, { drops, where: 'model' })).subscribe((result) => results.push(result));
    for (let i = 0; i < 12; i += 1) {
      for (let k = 0; k < 5; k += 1) cameras[0].next(`a${i}.${k}`); // five times as fast
      cameras[1].next(`b${i}`);
      cameras[2].next(`c${i}`);
      finish();
    }
    const of12 = (who: string): number => served.filter((name) => name.startsWith(who)).length;
    expect([of12('a'), of12('b'), of12('c')].every((count) => Math.abs(count - served.length / 3) <= 1)).toBe(true);
    expect(served.slice(1, 4)).toEqual(['b0', 'c1', 'a2.4']);
    expect(results).toEqual(served.slice(0, -1));
    expect(drops.count('model')).toBeGreaterThan(40);
  });

  it('leaves one alone all turns, up to its own concurrency', () => {
    const { served, run, finish } = model();
    const frames = new Subject<string>();
    frames.pipe(inTurn(new Turns(2), run, { concurrency: 2 })).subscribe();
    for (const name of ['1', '2', '3', '4']) frames.next(name);
    expect(served).toEqual(['1', '2']);
    finish();
    expect(served).toEqual(['1', '2', '4']);
  });

  it.each([0, -1, 1.5, NaN])('refuses %s turns at a time, which would never come', (count) => {
    expect(() => new Turns(count)).toThrow(expect.objectContaining({ code: 'bad-argument', message: `there cannot be ${count} turns at a time` }));
    expect(() => inTurn(new Turns(), () => NEVER, { concurrency: count })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });

  it('gives turns back when unsubscribed, running or waiting', () => {
    const turns = new Turns();
    const { served, run } = model();
    const running = of('x').pipe(inTurn(turns, () => NEVER)).subscribe();
    const waiting = new Observable<string>((subscriber) => subscriber.next('y')).pipe(inTurn(turns, run)).subscribe();
    of('z').pipe(inTurn(turns, run)).subscribe();
    expect(served).toEqual([]);
    waiting.unsubscribe();
    running.unsubscribe();
    expect(served).toEqual(['z']);
  });

  it('completes after its last value, and errors through', () => {
    const { run, finish } = model();
    let ended = false;
    of('1', '2').pipe(inTurn(new Turns(), run)).subscribe({ complete: () => (ended = true) });
    finish();
    expect(ended).toBe(false);
    finish();
    expect(ended).toBe(true);
    const turns = new Turns();
    const failed = new Subject<string>();
    let error: unknown;
    failed.pipe(inTurn(turns, () => { throw new Error('no'); })).subscribe({ error: (given: unknown) => (error = given) });
    failed.next('1');
    expect(error).toEqual(new Error('no'));
    let granted = false;
    turns.ask({}, () => (granted = true));
    expect(granted).toBe(true);
  });
});
