import { describe, expect, it } from '@jest/globals';
import { encodeFlowStream } from '../codecs/streams.js';
import { carried } from './carried.js';

const SIZE = { width: 16, height: 12 };
const N = 16 * 12;
/** Red grows to the right, green downwards, blue is even. */
const rgb = Uint8Array.from({ length: 3 * N }, (_, k) => [8 * ((k / 3 | 0) % 16), 8 * (k / 48 | 0), 100][k % 3]);
const motion = (at: (x: number, y: number) => readonly [number, number]): Float32Array =>
  encodeFlowStream({ ...SIZE, pixels: Float32Array.from({ length: 2 * N }, (_, k) => at((k >> 1) % 16, Math.floor((k >> 1) / 16))[k % 2]) }).data;
const run = (flow: Float32Array): { known: boolean[]; colour: (c: number, i: number) => number } => {
  const out = carried(rgb, flow, SIZE, new Float32Array(8 * N));
  expect(out.subarray(4 * N).every((v) => v === 0)).toBe(true);
  return { known: Array.from(out.subarray(3 * N, 4 * N), (v) => v === 1), colour: (c, i) => (out[c * N + i] + 1) * 127.5 };
};

describe('the picture before, moved along a flow', () => {
  it('takes each pixel from where it was, between pixels too, and from the edge what comes from outside', () => {
    const { known, colour } = run(motion(() => [2, -1.5]));
    known.forEach((is, i) => {
      const [x, y] = [Math.max(0, (i % 16) - 2), Math.min(11, Math.floor(i / 16) + 1.5)];
      expect(is).toBe(true);
      expect([0, 1, 2].map((c) => colour(c, i))).toEqual([8 * x, 8 * y, 100].map((v) => expect.closeTo(v, 3)));
    });
  });

  it('knows nothing where the flow is not known', () => {
    const { known, colour } = run(motion((x, y) => (x === 4 && y === 3 ? [NaN, NaN] : [0, 0])));
    known.forEach((is, i) => {
      expect(is).toBe(i !== 52);
      if (is) expect(colour(0, i)).toBeCloseTo(rgb[3 * i], 3);
    });
  });

  it('knows nothing of what something else hid, nor of what may have come from behind', () => {
    // A square came from columns 6 to 9, over which it stood.
    const { known } = run(motion((x, y) => (x >= 9 && x < 13 && y >= 4 && y < 8 ? [3, 0] : [0, 0])));
    known.forEach((is, i) => expect(is).toBe(!(i % 16 >= 6 && i % 16 < 12 && i >= 64 && i < 128)));
    // Stretched, several pixels come from one place but move alike.
    const stretched = run(motion((x) => [x / 5, 0])).known;
    stretched.forEach((is) => expect(is).toBe(true));
  });
});
