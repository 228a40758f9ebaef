import { expect, it } from '@jest/globals';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { compressedOnce } from './compressed-once.js';
import { rawImage, rectImage } from './rgb.js';

const options = { jpegQuality: 80, pngLevel: 3, depthMax: 10, depthQuantization: 100 };

it('the same pixels of a frame are compressed once, others by themselves', async () => {
  const perception = syntheticPerception(0);
  const { frame } = perception;
  const raw = compressedOnce(frame, rawImage(perception), options);
  expect(compressedOnce(frame, rectImage(perception), options)).toBe(raw);
  expect((await raw).data.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  expect(compressedOnce(frame, rawImage(perception), { ...options, jpegQuality: 40 })).not.toBe(raw);
  // With a lens taken out the two pictures differ; another frame is another picture, even of the same bytes.
  const lens = { ...frame, raw: { rgb: frame.rgb.map((v) => 255 - v), camera: frame.camera! } };
  expect(compressedOnce(lens, rawImage({ ...perception, frame: lens }), options)).not.toBe(compressedOnce(lens, rectImage({ ...perception, frame: lens }), options));
  expect(compressedOnce({ ...frame }, rawImage(perception), options)).not.toBe(raw);
});
