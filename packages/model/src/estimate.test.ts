import { beforeEach, describe, expect, it } from '@jest/globals';
import { SextantError, dropCounter, type Frame, type Modality, type Perception } from '@sextant/core';
import { NEVER, Subject, map, of, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { frame } from '../test/helpers.js';
import { modelDouble } from '../test/model-double.js';
import { estimate } from './estimate.js';
import type { RunOptions } from './model.js';
import { Turns } from './turns.js';

const frames: Record<string, Frame> = Object.fromEntries([...'abcdef'].map((letter, i) => [letter, frame(i, { width: 2, height: 2 })]));
const letter = (p: Perception): string => 'abcdef'[p.frame.sequence];
const lost = (restarting: boolean) => new SextantError('worker-lost', 'gone', { hint: '', details: { restarting } });

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((found, expected) => expect(found).toEqual(expected));
});

describe('estimate', () => {
  it('lets the latest win and counts the rest', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const { model, calls } = modelDouble(4, scheduler);
      const drops = dropCounter();
      const source = cold('abcd----e--|', frames);
      expectObservable(source.pipe(estimate(model, ['depth'], { drops }), map(letter))).toBe('----a---d---(e|)');
      expectSubscriptions(source.subscriptions).toBe('^----------!');
      flush();
      expect(calls.map((c) => c.sequence)).toEqual([0, 3, 4]);
      expect(new Set(calls.map((c) => c.stream)).size).toBe(1);
      expect(drops.snapshot()).toEqual({ model: 2 });
    });
  });

  it('drops nothing with the policy "every"', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { model } = modelDouble(3, scheduler);
      expectObservable(cold('abc|', frames).pipe(estimate(model, ['depth'], { policy: 'every' }), map(letter))).toBe('---a--b--(c|)');
    });
  });

  it('keeps two frames in the worker with a concurrency of 2', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { model } = modelDouble(4, scheduler);
      expectObservable(cold('ab|', frames).pipe(estimate(model, ['depth'], { concurrency: 2 }), map(letter))).toBe('----a(b|)');
    });
  });

  it('follows the set of modalities and lets frames by while it is empty', () => {
    scheduler.run(({ cold, hot, expectObservable, flush }) => {
      const { model, calls } = modelDouble(1, scheduler);
      const wanted = hot<readonly Modality[]>('---x--y--z', { x: ['depth'], y: ['flow', 'depth', 'flow'], z: [] });
      expectObservable(cold('a---b--c----d|', frames).pipe(estimate(model, wanted), map(letter))).toBe('a----b--c---d|');
      flush();
      expect(calls.map((c) => c.modalities)).toEqual([['depth'], ['depth', 'flow']]);
    });
  });

  it.each<[string, readonly Modality[] | Observable<readonly Modality[]>]>([
    ['a fixed set of modalities', ['depth']],
    ['a set whose stream ends', of(['depth'])],
  ])('follows prompts beside %s', (_, modalities) => {
    scheduler.run(({ cold, hot, expectObservable, expectSubscriptions, flush }) => {
      const { model, calls } = modelDouble(1, scheduler);
      const prompts = hot<RunOptions['prompts']>('--x--y--z', { x: { segmentation: 'the dog' }, y: { segmentation: 'the red car' }, z: undefined });
      expectObservable(cold('a--b--c--d', frames).pipe(estimate(model, modalities, { prompts }), map(letter)), '^----------!').toBe('-a--b--c--d');
      expectSubscriptions(prompts.subscriptions).toBe('^----------!');
      flush();
      expect(calls.map(({ phrase }) => phrase)).toEqual([undefined, 'the dog', 'the red car', undefined]);
    });
  });

  it.each([['without turns', {}], ['by turns', { turns: new Turns(2) }], ['with the policy "every"', { policy: 'every' }]] as const)('keeps the order where the set becomes empty, %s', (_, options) => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const { model } = modelDouble(4, scheduler);
      const wanted = hot<readonly Modality[]>('x-y-------', { x: ['depth'], y: [] });
      expectObservable(cold('-a-b-----c|', frames).pipe(estimate(model, wanted, { concurrency: 2, ...options }), map(letter))).toBe('-----(ab)c|');
    });
  });

  it('keeps as many frames in the worker as asked for with the policy "every", and their order, whichever is done first', () => {
    scheduler.run(({ cold, expectObservable, flush }) => {
      const { model } = modelDouble(0, scheduler);
      let [now, most] = [0, 0];
      const took = [4, 1, 4, 1];
      const run = ((f: Frame) => {
        most = Math.max(most, ++now);
        return timer(took[f.sequence], scheduler).pipe(map((): Perception => {
          now -= 1;
          return { frame: f, latencyMs: 0 };
        }));
      }) as unknown as typeof model.run;
      expectObservable(cold('(abcd|)', frames).pipe(estimate({ ...model, run }, ['depth'], { policy: 'every', concurrency: 2 }), map(letter))).toBe('----(ab)(cd|)');
      flush();
      expect(most).toBe(2);
    });
  });

  it('gives the results before an error, and refuses a concurrency below 1', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { model } = modelDouble(4, scheduler);
      const error = new SextantError('bad-argument', 'a frame that cannot be', { hint: '' });
      const run: typeof model.run = (f, ...rest) => {
        if (f.sequence === 1) throw error;
        return model.run(f, ...rest);
      };
      const source = hot('ab-c--', frames);
      expectObservable(source.pipe(estimate({ ...model, run }, ['depth'], { policy: 'every', concurrency: 2 }), map(letter))).toBe('----(a#)', undefined, error);
    });
    for (const policy of ['latest', 'every'] as const) {
      expect(() => estimate(modelDouble(1, scheduler).model, [], { policy, concurrency: 0 })).toThrow(expect.objectContaining({ code: 'bad-argument', message: 'estimate cannot hand 0 frames to the worker at once' }));
    }
  });

  it('releases source, set and stream when unsubscribed', () => {
    scheduler.run(({ cold, hot, expectObservable, expectSubscriptions, flush }) => {
      const { model, calls, forgotten } = modelDouble(2, scheduler);
      const wanted = hot<readonly Modality[]>('x', { x: ['depth'] });
      const source = cold('-a-----b----', frames);
      expectObservable(source.pipe(estimate(model, wanted), map(letter)), '^-----!').toBe('---a---');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
      expectSubscriptions(wanted.subscriptions).toBe('^-----!');
      flush();
      expect(forgotten).toEqual([calls[0]?.stream]);
    });
  });

  it('counts a frame that died with its worker and goes on', () => {
    scheduler.run(({ cold, expectObservable, flush }) => {
      const { model } = modelDouble(2, scheduler, (f) => (f.sequence === 1 ? lost(true) : undefined));
      const drops = dropCounter();
      expectObservable(cold('a---b---c|', frames).pipe(estimate(model, ['depth'], { drops }), map(letter))).toBe('--a-------(c|)');
      flush();
      expect(drops.snapshot()).toEqual({ 'model-restart': 1 });
    });
  });

  it('fails when the worker is lost for good or inference fails', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const error = lost(false);
      const { model } = modelDouble(2, scheduler, () => error);
      expectObservable(cold('a---b', frames).pipe(estimate(model, ['depth']))).toBe('--#', undefined, error);
    });
  });

  it('refuses unknown words, listing the valid ones', () => {
    const { model } = modelDouble(1, scheduler);
    const expected = expect.objectContaining({ code: 'bad-argument', message: 'unknown modality "normals"', hint: 'Modalities: depth, flow, segmentation, skeleton, densepose.' });
    expect(() => estimate(model, ['normals' as Modality])).toThrow(expected);
    const source = new Subject<Frame>();
    let seen: unknown;
    source.pipe(estimate(model, of(['normals' as Modality]))).subscribe({ error: (e: unknown) => (seen = e) });
    expect(seen).toEqual(expected);
    expect(source.observed).toBe(false);
    NEVER.pipe(estimate(model, [])).subscribe().unsubscribe();
  });
});
