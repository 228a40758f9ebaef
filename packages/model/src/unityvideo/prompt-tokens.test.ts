import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PromptTokenizer } from './prompt-tokens.js';

const PIECES = ['<pad>', '</s>', '<s>', '<unk>', '<0xC3>', '<0xA9>', '▁', 'a', '▁red', 'b'];
const text = { tokenizer: 'tokenizer.json', tokenizerConfig: 'tokenizer_config.json', length: 8 };
/** A unigram tokenizer of UMT5's kind. */
const tokenizer = (byteFallback: boolean): object => ({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: { type: 'TemplateProcessing', single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }], pair: [], special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } } },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
  model: { type: 'Unigram', unk_id: 3, byte_fallback: byteFallback, vocab: PIECES.map((piece, i) => [piece, i < 6 ? 0 : -i]) },
});

describe('PromptTokenizer', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-tokens-'));
    writeFileSync(join(folder, 'tokenizer_config.json'), '{}');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = async (byteFallback: boolean): Promise<PromptTokenizer> => {
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer(byteFallback)));
    return PromptTokenizer.read(folder, { text });
  };
  const names = (ids: readonly number[]): string[] => ids.map((id) => PIECES[id]);

  it('says what the vocabulary lacks by its bytes, as SentencePiece does', async () => {
    expect(names((await read(true)).read('aé red').ids)).toEqual(['▁', 'a', '<0xC3>', '<0xA9>', '▁red', '</s>']);
    expect(names((await read(false)).read('aé red').ids)).toEqual(['▁', 'a', '<unk>', '▁red', '</s>']);
    // A piece of which a byte is missing stays unknown.
    expect(names((await read(true)).read('aø').ids)).toEqual(['▁', 'a', '<unk>', '</s>']);
  });

  it('brings characters to their NFKC form and spaces to one', async () => {
    expect(names((await read(true)).read('\u00a0 ａ \n red ').ids)).toEqual(['▁', 'a', '▁red', '</s>']);
    expect(names((await read(true)).read('e\u0301').ids)).toEqual(['▁', '<0xC3>', '<0xA9>', '</s>']);
  });

  it('keeps the end mark of what is too long and says what is cut', async () => {
    const { ids, cut } = (await read(true)).read('red red red red red red red red red');
    expect([names(ids).at(-1), ids.length, cut]).toEqual(['</s>', 8, ['▁red', '▁red']]);
  });
});
