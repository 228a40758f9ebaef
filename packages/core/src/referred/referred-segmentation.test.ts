import { expect, it } from '@jest/globals';
import { referredSegmentation } from './referred-segmentation.js';

it('what is named becomes the one class of a segmentation', () => {
  const map = { width: 2, height: 1, phrase: 'the two dogs', probability: Float32Array.of(0.75, 0.25), regions: Uint16Array.of(1, 0), count: 1, asked: 2 };
  const segmentation = referredSegmentation(map);
  expect(segmentation).toMatchObject({ width: 2, height: 1, labels: Uint8Array.of(1, 0), instances: Uint16Array.of(1, 0), confidence: Float32Array.of(0.75, 0.75) });
  expect(segmentation.classes.map(({ id, name, thing }) => [id, name, thing])).toEqual([[0, 'background', false], [1, 'the two dogs', true]]);
  expect(referredSegmentation(map)).toBe(segmentation);
  expect(referredSegmentation({ ...map }).classes).toBe(segmentation.classes);
  expect(referredSegmentation({ ...map, phrase: 'a cat' }).classes[1].name).toBe('a cat');
});
