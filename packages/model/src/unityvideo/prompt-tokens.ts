import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tokenizers from '@huggingface/tokenizers';
import { SextantError } from '@sextant/core';
import { MOST_WORDS } from '../text/read-prompt.js';
import type { LatentManifest } from './schema.js';

/** What is used of the package; its own declarations import without file extensions, which TypeScript does not resolve in an ES module. */
interface HuggingFaceTokenizer {
  encode(text: string): { readonly ids: number[]; readonly tokens: string[] };
}
const { Tokenizer } = tokenizers as unknown as { readonly Tokenizer: new (tokenizer: object, config: object) => HuggingFaceTokenizer };

/** A sentence as the text encoder is told it. */
export interface PromptTokens {
  /** At most `text.length` ids, the end mark last. */
  readonly ids: readonly number[];
  /** The pieces beyond, which are not used. */
  readonly cut: readonly string[];
}

/** The tokenizer of a model folder, read as the model's authors ship it. */
export class PromptTokenizer {
  private constructor(private readonly tokenizer: HuggingFaceTokenizer, private readonly length: number) {}

  /** @throws SextantError `model-missing`, `model-damaged`. */
  static async read(folder: string, { text }: Pick<LatentManifest, 'text'>): Promise<PromptTokenizer> {
    const [tokenizer, config] = await Promise.all([json(join(folder, text.tokenizer)), json(join(folder, text.tokenizerConfig))]);
    try {
      return new PromptTokenizer(new Tokenizer(tokenizer, config), text.length);
    } catch (cause) {
      throw new SextantError('model-damaged', `${join(folder, text.tokenizer)} is no tokenizer: ${(cause as Error).message}`, { hint: 'Export the model again, or fetch the file again.', details: { file: text.tokenizer }, cause });
    }
  }

  /**
   * Ids of a sentence, its spaces made single first (as Wan's own code does; it also repairs broken UTF-8 and HTML entities, which is left to the caller here).
   * @param what what errors call the sentence
   * @throws SextantError `too-large` for more than 1000 words.
   */
  read(sentence: string, what = 'prompt'): PromptTokens {
    const clean = sentence.replace(/\s+/gu, ' ').trim();
    const words = clean === '' ? 0 : clean.split(' ').length;
    if (words > MOST_WORDS) {
      throw new SextantError('too-large', `the ${what} has ${words} words, at most ${MOST_WORDS} are read and about ${this.length} pieces of words used`, { hint: `Say it in at most ${Math.floor(this.length / 2)} words.`, details: { words, most: MOST_WORDS, used: this.length } });
    }
    const { ids, tokens } = this.tokenizer.encode(clean);
    if (ids.length <= this.length) return { ids, cut: [] };
    return { ids: [...ids.slice(0, this.length - 1), ids.at(-1)!], cut: tokens.slice(this.length - 1, -1) };
  }
}

async function json(path: string): Promise<object> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as object;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SextantError(missing ? 'model-missing' : 'model-damaged', `${path} cannot be read: ${(cause as Error).message}`, { hint: 'Export the model again, or fetch the file again.', details: { file: path }, cause });
  }
}
