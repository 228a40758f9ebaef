import { describe, expect, it } from '@jest/globals';
import { colorWord } from './color-words.js';

describe('colorWord', () => {
  it.each([
    [[0.05, 0.05, 0.06], 'black'], [[0.95, 0.94, 0.95], 'white'], [[0.5, 0.5, 0.5], 'grey'], [[0.8, 0.1, 0.1], 'red'],
    [[0.1, 0.7, 0.15], 'green'], [[0.15, 0.25, 0.8], 'blue'], [[0.05, 0.08, 0.3], 'dark blue'], [[0.9, 0.85, 0.1], 'yellow'],
    [[0.95, 0.6, 0.7], 'pink'], [[0.45, 0.28, 0.15], 'brown'],
  ] as const)('%j is %s', (color, word) => {
    expect(colorWord(color)).toBe(word);
  });
});
