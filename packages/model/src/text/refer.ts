import { SextantError } from '@sextant/core';
import type { Manifest } from '../manifest/schema.js';
import { colourOf, type Colour } from './colours.js';
import { groupOf, groupsOf, type Group } from './groups.js';
import { modalityNamed } from './modality-words.js';
import { MOST_WORDS, NUMBERS, readPrompt, type ReadPrompt } from './read-prompt.js';
import type { WordMeanings } from './word-meanings.js';

/** A phrase that names something, as the network is told it. */
export interface ReadPhrase extends ReadPrompt {
  /** How many things it speaks of, where it says a number ("two", "2"). */
  readonly asked?: number;
  /** Many kinds of things at once, where that is what it names. The network has no word for them: whatever segmentation takes for one of them is found. */
  readonly group?: Group;
  /** Colours that it asks for ("the red car"). The network does not choose by them: of what it finds, the regions of such a colour are kept. */
  readonly colours?: readonly Colour[];
}

/** Words that name nothing by themselves. */
const NAMELESS = new Set([...NUMBERS, 'segmentation', 'mask', 'map', 'class', 'of', 'every', 'pixel', 'all', 'several', 'many', 'some']);

/**
 * Reads an in-context prompt: "segmentation of the two dogs", or only "the two dogs". Its little words are told to the network too: it was
 * trained on whole phrases. A phrase about groups ("two objects", "dogs and furniture") is not for the network, see `ReadPhrase.group`, nor are words for colours, see `ReadPhrase.colours`.
 * @throws SextantError `unsupported` where the model finds nothing by name; `bad-argument` where the phrase names nothing or a modality, and, as `too-large`, see `readPrompt`.
 */
export function readPhrase(phrase: string, { text, referring, classes, name, version }: Manifest, meanings: WordMeanings | undefined): ReadPhrase {
  if (!referring || !text) {
    throw new SextantError('unsupported', `model ${name} ${version} finds nothing by name`, { hint: 'Leave the prompt out, or use a model whose manifest has "referring".', details: { model: name } });
  }
  const spoken = phrase.toLowerCase().replace(/\b(10|[0-9])\b/g, (digits) => NUMBERS[Number(digits)]);
  if (!/[\p{L}\p{N}]/u.test(spoken)) throw new SextantError('bad-argument', 'the phrase is empty', { hint: 'Say what to look for: "the two dogs".', details: { phrase } });
  const modality = modalityNamed(phrase);
  if (modality) {
    throw new SextantError('bad-argument', `the phrase "${phrase}" names a modality, not a thing`, { hint: `Ask for ${modality} among the modalities; a phrase says what to find: "the two dogs".`, details: { phrase, modality } });
  }
  const words = spoken.match(/[\p{L}\p{N}]+/gu) as string[];
  const plain = words.filter((word) => colourOf(word) === undefined);
  const naming = plain.filter((word) => !NAMELESS.has(word) && !text.unsaid.includes(word));
  if (naming.length === 0) {
    throw new SextantError('bad-argument', `the phrase "${phrase}" names nothing`, { hint: 'Name a thing or a kind of things: "the two dogs", "the red car", "furniture", "objects".', details: { phrase } });
  }
  const number = words.map((word) => NUMBERS.indexOf(word)).find((index) => index >= 0);
  const colours = [...new Set(words.flatMap((word) => colourOf(word) ?? []))];
  const said = { ...(number !== undefined && { asked: number }), ...(colours.length > 0 && { colours }) };
  // Of "dogs and furniture" each part is named by its last word.
  const heads = spoken.split(/,|&|\band\b/).flatMap((part) => (part.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => naming.includes(word)).slice(-1));
  const group = words.length > MOST_WORDS ? undefined : heads.length > 1 ? groupsOf(heads, classes, phrase) : groupOf(naming[naming.length - 1], classes);
  if (group) return { ids: [], words, replaced: [], cut: [], ...said, group };
  const whole = [...(/\b(segmentation|mask)\b/.test(spoken) ? [] : ['segmentation', 'of']), ...plain].join(' ');
  const known = new Set(text.vocabulary);
  return { ...readPrompt(whole, { ...text, unsaid: text.unsaid.filter((word) => !known.has(word)) }, meanings, text.promptLength, 'phrase', true), ...said };
}
