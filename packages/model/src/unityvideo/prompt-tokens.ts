import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tokenizers from '@huggingface/tokenizers';
import { SextantError } from '@sextant/core';
import { MOST_WORDS } from '../text/read-prompt.js';
import type { LatentManifest } from './schema.js';

/** What is used of the package; its own declarations import without file extensions, which TypeScript does not resolve in an ES module. */
interface HuggingFaceTokenizer {
  encode(text: string): { readonly ids: number[]; readonly tokens: string[] };
  token_to_id(token: string): number | undefined;
}
const { Tokenizer } = tokenizers as unknown as { readonly Tokenizer: new (tokenizer: object, config: object) => HuggingFaceTokenizer };

/** A sentence as the text encoder is told it. */
export interface PromptTokens {
  /** At most `text.length` ids, the end mark last. */
  readonly ids: readonly number[];
  /** The pieces beyond, which are not used. */
  readonly cut: readonly string[];
}

/**
 * The tokenizer of a model folder, read as the model's authors ship it. Of SentencePiece's own table of characters it applies the Unicode NFKC part (as
 * transformers.js does): rare invisible characters, such as the joiners inside emoji, may come out as other pieces.
 */
export class PromptTokenizer {
  private constructor(private readonly tokenizer: HuggingFaceTokenizer, private readonly length: number, private readonly unknownId: number | undefined) {}

  /** @throws SextantError `model-missing`, `model-damaged`. */
  static async read(folder: string, { text }: Pick<LatentManifest, 'text'>): Promise<PromptTokenizer> {
    const [tokenizer, config] = await Promise.all([json(join(folder, text.tokenizer)), json(join(folder, text.tokenizerConfig))]);
    try {
      const { byte_fallback: bytes, unk_id: unknown } = (tokenizer as { model: { byte_fallback?: boolean; unk_id?: number } }).model;
      return new PromptTokenizer(new Tokenizer(tokenizer, config), text.length, bytes === true ? unknown : undefined);
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
    const pieces = this.tokenizer.encode(clean);
    const told = pieces.ids.flatMap((id, i) => (id === this.unknownId ? this.#bytes(id, pieces.tokens[i]) : [{ id, token: pieces.tokens[i] }]));
    const [ids, tokens] = [told.map(({ id }) => id), told.map(({ token }) => token)];
    if (ids.length <= this.length) return { ids, cut: [] };
    return { ids: [...ids.slice(0, this.length - 1), ids.at(-1)!], cut: tokens.slice(this.length - 1, -1) };
  }

  /** A piece that the vocabulary lacks, by the bytes of its UTF-8, where it has them all (SentencePiece's byte fallback, which the package leaves out for unigrams). */
  #bytes(id: number, token: string): readonly { readonly id: number; readonly token: string }[] {
    const names = Array.from(new TextEncoder().encode(token), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    const found = names.flatMap((name) => this.tokenizer.token_to_id(name) ?? []);
    return found.length === names.length ? found.map((byteId, i) => ({ id: byteId, token: names[i] })) : [{ id, token }];
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
