import { describe, expect, it } from '@jest/globals';
import { parseModalities } from '../model.js';
import { modalityNamed } from './modality-words.js';

describe('modalityNamed', () => {
  it.each([
    ['depth map', 'depth'], ['The depth map.', 'depth'], ['estimate the optical flow', 'flow'], ['Human skeleton', 'skeleton'], ['segmentation mask of objects', 'segmentation'], ['densepose', 'densepose'],
    ['body part of every pixel', 'densepose'],
  ])('"%s" is %s', (words, modality) => expect(modalityNamed(words)).toBe(modality));

  it.each(['segmentation of the two dogs', 'the dog', 'depth of the dog', ''])('"%s" names none', (words) => expect(modalityNamed(words)).toBeUndefined());
});

describe('parseModalities', () => {
  it('takes ids and words', () => {
    expect(parseModalities(['human skeleton', 'depth', 'depth map'])).toEqual(['depth', 'skeleton']);
    expect(() => parseModalities(['optical flow'], ['depth'])).toThrow('this model does not estimate "flow"');
    expect(() => parseModalities(['smell'])).toThrow('unknown modality "smell"');
  });
});
