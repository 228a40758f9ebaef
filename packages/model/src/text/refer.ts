import { SextantError } from '@sextant/core';
import type { Manifest } from '../manifest/schema.js';
import { readPrompt, type ReadPrompt } from './read-prompt.js';
import type { WordMeanings } from './word-meanings.js';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A phrase that names something, as the network is told it. */
export interface ReadPhrase extends ReadPrompt {
  /** How many things it speaks of, where it says a number ("two", "2"). */
  readonly asked?: number;
}

/**
 * Reads an in-context prompt: "segmentation of the two dogs", or only "the two dogs". Its little words are told to the network too: it was
 * trained on whole phrases.
 * @throws SextantError `unsupported` where the model finds nothing by name, `bad-argument`, `too-large`: see `readPrompt`.
 */
export function readPhrase(phrase: string, { text, referring, name, version }: Manifest, meanings: WordMeanings | undefined): ReadPhrase {
  if (!referring || !text) {
    throw new SextantError('unsupported', `model ${name} ${version} finds nothing by name`, { hint: 'Leave the prompt out, or use a model whose manifest has "referring".', details: { model: name } });
  }
  const spoken = phrase.toLowerCase().replace(/\b(10|[0-9])\b/g, (digits) => NUMBERS[Number(digits)]);
  if (!/[\p{L}\p{N}]/u.test(spoken)) throw new SextantError('bad-argument', 'the phrase is empty', { hint: 'Say what to look for: "the two dogs".', details: { phrase } });
  const whole = /\b(segmentation|mask)\b/.test(spoken) ? spoken : `segmentation of ${spoken}`;
  const known = new Set(text.vocabulary);
  const read = readPrompt(whole, { ...text, unsaid: text.unsaid.filter((word) => !known.has(word)) }, meanings, text.promptLength, 'phrase');
  const asked = read.words.map((word) => NUMBERS.indexOf(word)).find((number) => number >= 0);
  return { ...read, ...(asked !== undefined && { asked }) };
}
