import { describe, expect, it } from '@jest/globals';
import { exposureTrust } from './exposure.js';

const picture = (value: (i: number) => number): Uint8Array => Uint8Array.from({ length: 300 }, (_, i) => value(Math.floor(i / 3)));

describe('exposureTrust', () => {
  it.each<[string, number, (i: number) => number]>([
    ['a lens cap', 0, (i) => i % 12], ['glare', 0, () => 255], ['a grey wall', 1, () => 128], ['night with a lit quarter', 1, (i) => (i < 25 ? 90 : 3)],
    ['night with a lit tenth', 0.4, (i) => (i < 10 ? 90 : 3)], ['a backlit room', 1, (i) => (i < 60 ? 255 : 60)],
  ])('of %s is %d', (_, trust, value) => expect(exposureTrust(picture(value))).toBeCloseTo(trust, 6));

  it('believes saturated colours', () => {
    expect(exposureTrust(Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 255 : 0)))).toBe(1);
  });
});
