import { SextantError } from '@sextant/core';
import type { TextSpec } from '../manifest/schema.js';
import type { WordMeanings } from './word-meanings.js';

/** Longest prompt that is read at all; longer text is no sentence but a file given by mistake. */
export const MOST_WORDS = 1000;

/** Numbers as the network knows them, by their value. */
export const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/**
 * Words that turn what follows into its opposite. Passed over like other little words, or taken for what lies nearest in meaning ("nobody": bush, "neither": both), they would ask
 * for just that.
 */
const DENIALS = new Set(['not', 'without', 'nor', 'neither', 'nobody', 'none', 'nothing', 'except']);

/** A word that the network does not know, and the one that stood in for it. */
export interface Replacement {
  readonly word: string;
  readonly by: string;
  /** Cosine of their meanings; 1 for another form of the same word. */
  readonly likeness: number;
}

/** A sentence as the network is told it. */
export interface ReadPrompt {
  /** Word ids, padded with 0 to the length asked for. */
  readonly ids: readonly number[];
  /** The words that the ids stand for. */
  readonly words: readonly string[];
  readonly replaced: readonly Replacement[];
  /** Words beyond the length, which are not used. */
  readonly cut: readonly string[];
}

/**
 * Reads a sentence: lower case, words of letters and digits; words without content (`text.unsaid`) are passed over; a word that is not in the
 * vocabulary is replaced by another form of itself (dogs, dog; 3, three) or by the word of the nearest meaning. What was replaced or cut is said in the result.
 *
 * @param length ids to return; content words beyond are cut
 * @param what what errors call the sentence: "prompt"
 * @param counts whether "no" is a number as others are; else it denies, since no caption of training says it
 * @throws SextantError `bad-argument` for a word with nothing near (naming what comes nearest) and for words that deny ("not", "without", "nobody") and that the model does not know, `too-large` for more than 1000 words.
 */
export function readPrompt(prompt: string, text: Pick<TextSpec, 'vocabulary' | 'unsaid' | 'meanings'>, meanings: WordMeanings | undefined, length: number, what = 'prompt', counts = false): ReadPrompt {
  const spoken = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (spoken.length > MOST_WORDS) {
    throw new SextantError('too-large', `the ${what} has ${spoken.length} words, at most ${MOST_WORDS} are read and ${length} used`, { hint: `Say it in a sentence of up to ${length} words with content.`, details: { words: spoken.length, most: MOST_WORDS, used: length } });
  }
  const ids = new Map(text.vocabulary.map((word, id) => [word, id]));
  const unsaid = new Set(text.unsaid);
  const words: string[] = [];
  const replaced: Replacement[] = [];
  const cut: string[] = [];
  for (const word of spoken) {
    const denies = word === NUMBERS[0] ? !counts : DENIALS.has(word) && !((ids.get(word) ?? 0) > 0);
    if (denies) {
      throw new SextantError('bad-argument', `the ${what} says "${word}", which the model does not heed: it would take what follows for wanted`, { hint: 'Say only what is meant; what a made picture shall not show is the negative prompt.', details: { word } });
    }
    if (unsaid.has(word)) continue;
    if (words.length === length) {
      cut.push(word);
      continue;
    }
    if ((ids.get(word) ?? 0) > 0) {
      words.push(word);
      continue;
    }
    const by = otherForm(word, ids) ?? nearest(word, text, meanings, what);
    replaced.push({ word, ...by });
    words.push(by.by);
  }
  return { ids: Array.from({ length }, (_, i) => (i < words.length ? (ids.get(words[i]) as number) : 0)), words, replaced, cut };
}

/** Plural, singular and plain possessive forms, and numbers in letters, that the vocabulary has. */
function otherForm(word: string, ids: ReadonlyMap<string, number>): Omit<Replacement, 'word'> | undefined {
  const forms = [`${word}s`, `${word}es`, ...singulars(word), ...(/^\d{1,2}$/.test(word) ? NUMBERS.slice(Number(word), Number(word) + 1) : [])];
  const by = forms.find((form) => form !== word && (ids.get(form) ?? 0) > 0);
  return by === undefined ? undefined : { by, likeness: 1 };
}

/** What a word may be the plural of; itself where it is none. */
function singulars(word: string): readonly string[] {
  return [word.replace(/s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y'), word.replace(/ves$/, 'f')];
}

function nearest(word: string, text: Pick<TextSpec, 'meanings'>, meanings: WordMeanings | undefined, what: string): Omit<Replacement, 'word'> {
  // Many a plural is not among the words whose meaning is known, though its singular is.
  const near = [word, ...singulars(word)].map((form) => meanings?.nearest(form, 3)).find((found) => found !== undefined) ?? [];
  const best = near.at(0);
  if (best && best.likeness >= (text.meanings?.leastLikeness ?? 1)) return { by: best.word, likeness: best.likeness };
  const least = text.meanings?.leastLikeness;
  const why = near.length > 0
    ? `its nearest words are ${near.map((n) => `${n.word} (${n.likeness.toFixed(2)})`).join(', ')}, and ${least} is needed`
    : 'nobody told the model what it means';
  throw new SextantError('bad-argument', `the ${what} says "${word}", which the model does not know: ${why}`, {
    hint: 'Say it in simpler words: things, people, colours, places, light, and how many. The words are text.vocabulary in manifest.json of the model.',
    details: { word, nearest: near },
  });
}
