import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import type { TextSpec } from '../manifest/schema.js';

/** A word of the vocabulary and how near it is in meaning, -1..1 (cosine). */
export interface NearWord {
  readonly word: string;
  readonly likeness: number;
}

/** What words mean: unit vectors, of the vocabulary and of many more words. */
export class WordMeanings {
  private constructor(
    private readonly vocabulary: readonly string[],
    private readonly places: ReadonlyMap<string, number>,
    private readonly vectors: Int8Array,
    private readonly width: number,
  ) {}

  /** Reads the files that the manifest names. @throws SextantError `model-damaged`. */
  static async read(folder: string, { vocabulary, meanings }: TextSpec): Promise<WordMeanings | undefined> {
    if (!meanings) return undefined;
    const [text, bytes] = await Promise.all([readFile(join(folder, meanings.words), 'utf8'), readFile(join(folder, meanings.vectors))]);
    const words = text.split('\n').filter((word) => word !== '');
    if (words.length * meanings.width !== bytes.length) {
      throw new SextantError('model-damaged', `${meanings.vectors} holds ${bytes.length} bytes for ${words.length} words of ${meanings.width}`, { hint: 'Fetch the model again.', details: { words: words.length, bytes: bytes.length } });
    }
    return new WordMeanings(vocabulary.slice(1), new Map(words.map((word, i) => [word, i])), new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), meanings.width);
  }

  /** Words of the vocabulary by likeness to `word`, the nearest first; `undefined` where nobody knows what it means. */
  nearest(word: string, count = 1): readonly NearWord[] | undefined {
    const place = this.places.get(word);
    if (place === undefined) return undefined;
    const near = this.vocabulary.flatMap((known): NearWord[] => {
      const at = this.places.get(known);
      return at === undefined ? [] : [{ word: known, likeness: this.#likeness(place, at) }];
    });
    return near.sort((a, b) => b.likeness - a.likeness).slice(0, count);
  }

  #likeness(a: number, b: number): number {
    const { vectors, width } = this;
    let [dot, aa, bb] = [0, 0, 0];
    for (let k = 0; k < width; k++) {
      const [x, y] = [vectors[a * width + k], vectors[b * width + k]];
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
  }
}
