import { describe, expect, it } from '@jest/globals';
import type { ReferredResult } from '../results.js';
import { maskPixels } from './mask-pixels.js';
import { texels } from './texels.js';
import type { TextureSource } from './texels.js';

const common = { stamp: 1n, sequence: 1, clip: 0, bytes: 1, latency: { modelMs: 0, deliveryMs: 0, decodeMs: 0, totalMs: 0 } };
const referred: ReferredResult = {
  ...common, kind: 'referred', phrase: 'the dog', width: 2, height: 1, labels: Uint8Array.of(0, 1), classes: [{ id: 1, name: 'the dog', color: [255, 64, 200], thing: true }],
};

describe('what a phrase names', () => {
  it('is a texture of its labels', () => {
    expect(texels(referred)).toEqual({ layout: 'r8ui', data: Uint8Array.of(0, 1) });
  });

  it('is drawn in the colour of its class', () => {
    expect([...maskPixels(referred)]).toEqual([0, 0, 0, 0, 255, 64, 200, 255]);
  });
});

it.each(['skeletons', 'frame'])('says what can be no texture: %s', (kind) => {
  expect(() => texels({ ...common, kind } as unknown as TextureSource)).toThrow(expect.objectContaining({ code: 'bad-argument', message: `a result of kind ${kind} can be no texture` }));
});
