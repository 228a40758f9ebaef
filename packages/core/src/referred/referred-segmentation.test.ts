import { expect, it } from '@jest/globals';
import { decodeControl, encodeControl } from '../masks/control-codec.js';
import { referredSegmentation } from './referred-segmentation.js';

it('what is named becomes the one class of a segmentation', () => {
  // The regions say what is found: one below a half, but above the threshold of its picture; a speck above it is none.
  const map = { width: 3, height: 1, phrase: 'the two dogs', probability: Float32Array.of(0.375, 0.25, 0.75), threshold: 0.375, regions: Uint16Array.of(1, 0, 0), count: 1, asked: 2 };
  const segmentation = referredSegmentation(map);
  expect(segmentation).toMatchObject({ width: 3, height: 1, labels: Uint8Array.of(1, 0, 0), instances: Uint16Array.of(1, 0, 0), confidence: Float32Array.of(0.375, 0.75, 0.25) });
  expect(segmentation.classes.map(({ id, name, thing }) => [id, name, thing])).toEqual([[0, 'background', false], [1, 'the two dogs', true]]);
  expect(referredSegmentation(map)).toBe(segmentation);
  expect(referredSegmentation({ ...map }).classes).toBe(segmentation.classes);
  expect(referredSegmentation({ ...map, phrase: 'a cat' }).classes[1].name).toBe('a cat');
});

it('a long phrase is cut to a name that every receiver of the class table takes, and never amid a character', () => {
  for (const phrase of ['the small red car behind the two dogs '.repeat(50).trim(), `${'x'.repeat(96)}${'\u{1F415}'.repeat(10)}`]) {
    const map = { width: 1, height: 1, phrase, probability: Float32Array.of(0.75), threshold: 0.5, regions: Uint16Array.of(1), count: 1 };
    const { classes } = referredSegmentation(map);
    expect(decodeControl(encodeControl('classes', { table: 0, phrase, classes }))).toMatchObject({ phrase, classes });
    expect(classes[1].name).toMatch(/[a-z]\.\.\.$/);
    expect(phrase.startsWith(classes[1].name.slice(0, -3))).toBe(true);
  }
});
