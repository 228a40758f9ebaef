import { beforeAll, describe, expect, it } from '@jest/globals';
import { fixture } from '../../test/helpers.js';
import { readManifest } from '../manifest/read.js';
import type { TextSpec } from '../manifest/schema.js';
import { readPrompt, type ReadPrompt } from './read-prompt.js';
import { WordMeanings } from './word-meanings.js';

describe('readPrompt', () => {
  let text: TextSpec;
  let meanings: WordMeanings | undefined;
  beforeAll(async () => {
    text = (await readManifest(fixture('tiny-generator'))).text!;
    meanings = await WordMeanings.read(fixture('tiny-generator'), text);
  });
  const read = (prompt: string): ReadPrompt => readPrompt(prompt, text, meanings, 6);
  const id = (word: string): number => text.vocabulary.indexOf(word);

  it('gives ids of lower-case words, padded, without what says nothing', () => {
    expect(read('A RED dog, in the kitchen!')).toEqual({ ids: [id('red'), id('dog'), id('kitchen'), 0, 0, 0], words: ['red', 'dog', 'kitchen'], replaced: [], cut: [] });
    expect(read('').ids).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('takes another form of a word, then the nearest meaning, and says so', () => {
    const { words, replaced } = read('two scarlet puppies? no: a puppy, persons, kitchens'.replace('puppies? no: a ', ''));
    expect(words).toEqual(['two', 'red', 'dog', 'person', 'kitchen']);
    expect(replaced.map(({ word, by }) => `${word}>${by}`)).toEqual(['scarlet>red', 'puppy>dog', 'persons>person', 'kitchens>kitchen']);
    expect(replaced[0].likeness).toBeGreaterThan(0.6);
    expect(replaced[2].likeness).toBe(1);
  });

  it('takes numbers in digits, and the meaning of a plural from its singular', () => {
    const { words, replaced } = read('2 puppies');
    expect(words).toEqual(['two', 'dog']);
    expect(replaced.map(({ word, by }) => `${word}>${by}`)).toEqual(['2>two', 'puppies>dog']);
    expect(() => read('12 dogs')).toThrow('says "12"');
  });

  it.each(['not', 'without'])('refuses "%s" where it would be passed over: what follows would be made', (word) => {
    const unsaid = [...text.unsaid, word];
    expect(() => readPrompt(`a kitchen ${word} a dog`, { ...text, unsaid }, meanings, 6)).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(`says "${word}"`), hint: expect.stringContaining('negative prompt') }));
  });

  it.each(['no', 'nor', 'neither', 'nobody', 'none', 'nothing', 'except'])('refuses "%s", of which its opposite would be made', (word) => {
    const known = { ...text, vocabulary: [...text.vocabulary, ...(word === 'no' ? ['no'] : [])] };
    expect(() => readPrompt(`a kitchen ${word} dog`, known, meanings, 6)).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(`says "${word}", which the model does not heed`) }));
  });

  it('takes "no" for a number where it is told to', () => {
    const known = { ...text, vocabulary: [...text.vocabulary, 'no'] };
    expect(readPrompt('no dogs', known, meanings, 6, 'phrase', true).words).toEqual(['no', 'dogs']);
  });

  it('refuses a word with nothing near, naming what comes nearest, and one that nobody knows', () => {
    expect(() => read('a quark')).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringMatching(/says "quark", .*its nearest words are .* and 0.6 is needed/) }));
    expect(() => read('a zzyzx')).toThrow('nobody told the model what it means');
  });

  it('cuts what is beyond its length and says what, and does not read a book', () => {
    expect(read('red red red dog dog dog blue kitchen')).toMatchObject({ words: ['red', 'red', 'red', 'dog', 'dog', 'dog'], cut: ['blue', 'kitchen'] });
    expect(() => read('dog '.repeat(10_000))).toThrow(expect.objectContaining({ code: 'too-large', message: 'the prompt has 10000 words, at most 1000 are read and 6 used' }));
  });
});
