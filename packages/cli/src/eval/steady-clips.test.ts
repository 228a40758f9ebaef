import { describe, expect, it } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { ownMotion } from './steady-clips.js';
import { toFrame } from './pictures.js';

const [width, height] = [4, 3];
const frames = [0, 1].map((i) => toFrame({ width, height, rgb: new Uint8Array(3 * width * height).fill(i) }, i));
const moves = (u: number): object => ({ flow: { width, height, pixels: new Float32Array(2 * width * height).map((_, i) => (i % 2 === 0 ? u : 0)) } });

describe('ownMotion', () => {
  const motion = (forth: object, back: object): ReturnType<typeof ownMotion> =>
    ownMotion({ look: ([first]: readonly Frame[]) => Promise.resolve((first.rgb[0] === 0 ? forth : back) as never) }, frames[0], frames[1]);

  it('is that from the frame before', async () => {
    expect(await motion(moves(1), moves(-1))).toMatchObject({ width, height, flow: (moves(1) as { flow: { pixels: Float32Array } }).flow.pixels });
  });

  it('is none where the model takes the pair for a cut, either way', async () => {
    expect(await motion({}, moves(1))).toBeUndefined();
    expect(await motion(moves(1), {})).toBeUndefined();
  });
});
