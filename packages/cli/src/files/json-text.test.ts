import { constants } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { jsonText } from './json-text.js';

describe('jsonText', () => {
  it.each<[string, unknown]>([
    ['a mapping', { a: 1, 'b "c"': 'two\nlines', none: undefined, list: [1, { x: [1, 2], y: {} }, undefined, [], 'end'], empty: [], nothing: null, deep: { list: [[1], []] } }],
    ['a list', [{ a: [1] }, 2, null]],
    ['an empty list', []],
    ['an empty mapping', { none: undefined }],
    ['a word', 'word'],
    ['what makes its own JSON', { at: new Date(0), all: [new Date(0)] }],
  ])('says of %s what JSON.stringify says', (_, value) => {
    expect([...jsonText(value)].join('')).toBe(`${JSON.stringify(value, null, 1)}\n`);
  });

  it('makes numbers of bigint', () => {
    expect([...jsonText({ stamp: 5n, list: [6n] })].join('')).toBe('{\n "stamp": 5,\n "list": [\n  6\n ]\n}\n');
  });

  it('gives more than a string holds, in pieces of some megabytes', () => {
    const annotation = 'x'.repeat(1 << 22);
    let length = 0, longest = 0;
    for (const piece of jsonText({ annotations: new Array<string>(130).fill(annotation) })) {
      length += piece.length;
      longest = Math.max(longest, piece.length);
    }
    expect(length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
    expect(longest).toBeLessThan(8 << 20);
  });
});
