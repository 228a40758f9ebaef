import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SextantError } from '@sextant/core';
import type { Prompted } from '@sextant/core';
import type { ReadPhrase } from '@sextant/model';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { BehaviorSubject } from 'rxjs';
import { RunPrompt, noteOf } from './prompt.js';

const read = (words: readonly string[], replaced: ReadPhrase['replaced'] = []): ReadPhrase => ({ ids: [], words, replaced, cut: [] });

/** Knows dogs and cats, takes puppies for dogs, and nothing else. */
const model = {
  phraseOf: (phrase: string): Promise<ReadPhrase> => {
    if (/dog|cat/.test(phrase)) return Promise.resolve(read([phrase]));
    if (phrase.includes('puppy')) return Promise.resolve(read(['dog'], [{ word: 'puppy', by: 'dog', likeness: 0.8 }]));
    return Promise.reject(new SextantError('bad-argument', `the phrase says "${phrase}", which the model does not know`, { hint: 'Say it in simpler words.' }));
  },
};
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('RunPrompt', () => {
  let bridge: RosBridge;
  let told: string[];
  let states: Prompted[];
  const started = (prompt: string): RunPrompt => {
    bridge = createBridge({ parameters: { prompt } });
    const desk = new RunPrompt(bridge, (message) => told.push(message));
    desk.state$.subscribe((state) => states.push(state));
    return desk;
  };
  beforeEach(() => {
    [told, states] = [[], []];
  });
  afterEach(() => bridge.close());

  it('follows the parameter, says which word stands in, and stays where it is told nonsense', async () => {
    const desk = started('the dog');
    const following = await desk.follow(model);
    bridge.parameters.set({ prompt: 'the puppy' });
    await settled();
    bridge.parameters.set({ prompt: 'qwertz' });
    await settled();
    expect(states).toEqual([
      { phrase: '' }, { phrase: 'the dog' }, { phrase: 'the puppy', note: 'the prompt says "puppy": "dog" is used, the nearest word that the model knows (0.80)' },
      { phrase: 'the puppy', note: expect.stringMatching(/does not know\. Say it in simpler words\. "the puppy" is looked for as before\.$/), refused: true },
    ]);
    expect(told).toHaveLength(2);
    // The same nonsense again is answered again; after it sense is.
    desk.ask('qwertz');
    await settled();
    expect(states.at(-1)).toMatchObject({ refused: true });
    desk.ask('a cat');
    await settled();
    expect(states.at(-1)).toEqual({ phrase: 'a cat' });
    expect(bridge.parameters.get('prompt')).toBe('a cat');
    following.unsubscribe();
  });

  it('refuses to start with a phrase that cannot be read, but not for what a client asked meanwhile', async () => {
    await expect(started('qwertz').follow(model)).rejects.toMatchObject({ code: 'bad-argument' });
    const desk = started('');
    desk.ask('qwertz');
    (await desk.follow(model)).unsubscribe();
    await settled();
    expect(states.at(-1)).toMatchObject({ phrase: '', refused: true });
  });

  it('looks for nothing while nobody listens', async () => {
    const desk = started('the dog');
    const [a, b] = [new BehaviorSubject(false), new BehaviorSubject(false)];
    const seen: unknown[] = [];
    desk.prompts$([a, b]).subscribe((prompts) => seen.push(prompts));
    const following = await desk.follow(model);
    b.next(true);
    a.next(true);
    b.next(false);
    a.next(false);
    expect(seen).toEqual([undefined, { segmentation: 'the dog' }, undefined]);
    following.unsubscribe();
  });
});

it('a note names words that stand in for others and those that are not used', () => {
  expect(noteOf({ ...read(['dogs'], [{ word: 'dog', by: 'dogs', likeness: 1 }]), cut: ['and', 'so'] })).toBe('the prompt says "dog": "dogs" is used; the prompt is too long: 2 words are not used, from "and" on');
  expect(noteOf(read(['dogs']))).toBe('');
});
