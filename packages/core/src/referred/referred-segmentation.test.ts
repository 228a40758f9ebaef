import { expect, it } from '@jest/globals';
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
