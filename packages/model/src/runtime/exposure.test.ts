import { describe, expect, it } from '@jest/globals';
import { exposureTrust, mistrust } from './exposure.js';
import { thumbnailOf } from './thumbnail.js';

const [width, height] = [96, 64];
/** All channels alike, by column and row. */
const picture = (value: (x: number, y: number) => number): Uint8Array => Uint8Array.from({ length: 3 * width * height }, (_, i) => value(Math.floor(i / 3) % width, Math.floor(i / 3 / width)));
const trust = (rgb: Uint8Array): ReturnType<typeof exposureTrust> => exposureTrust(rgb, { width, height }, thumbnailOf(rgb, { width, height }));
const of = (value: (x: number, y: number) => number): ReturnType<typeof exposureTrust> => trust(picture(value));

describe('exposureTrust', () => {
  it.each<[string, (x: number, y: number) => number]>([
    ['a grey wall that is lit from a side', (x) => 96 + x], ['night with lamps everywhere', (x, y) => (x % 4 === 0 ? 60 + y : 3)], ['a backlit room', (x, y) => (x >= 48 ? 40 : (x + y) % 3 === 0 ? 60 : 255)],
    ['a room with a small window', (x, y) => (x > 40 && x < 56 && y > 20 && y < 36 ? 255 : 90)],
  ])('lets %s be', (_, value) => expect(of(value)).toBeUndefined());

  it.each<[string, number, (x: number, y: number) => number]>([
    ['a lens cap', 0, (x) => x % 12], ['glare', 0, () => 255], ['night with a lit tenth everywhere', 0.4, (x, y) => ((x + 3 * y) % 10 === 0 ? 60 + y : 3)],
    ['a lens cap whose noise is amplified', 0, (x, y) => 12 + ((7 * x + 11 * y) % 19)], ['milky glare', 0, (x) => 230 + x / 9], ['fog with a shade of something', 0.5, (x) => 120 + 0.52 * x],
  ])('of %s is %d everywhere', (_, trust, value) => of(value)!.values.forEach((v) => expect(v).toBeCloseTo(trust, 1)));

  it('falls where a thumb covers the lens, or a lamp burns half of the picture, and stays where there is something to see', () => {
    for (const nothing of [2, 255]) {
      const { values, width: columns } = of((x) => (x < width / 2 ? nothing : 90 + (x % 7)))!;
      const row = values.subarray(4 * columns, 5 * columns);
      expect(row[0]).toBe(0);
      expect(row.subarray(columns / 2).every((v) => v === 1)).toBe(true);
      expect([...row]).toEqual([...row].sort((a, b) => a - b)); // it rises towards what can be seen
    }
  });

  it('believes saturated colours', () => {
    expect(trust(Uint8Array.from({ length: 3 * width * height }, (_, i) => (i % 3 === 0 ? 255 : i < 1.5 * width * height ? 0 : 90)))).toBeUndefined();
  });
});

describe('mistrust', () => {
  it('multiplies confidences by the least trust at each place, of either picture', () => {
    const map = { width: 4, height: 1, confidence: Float32Array.of(0.5, 0.5, 0.5, 0.5) };
    mistrust(map, { width: 4, height: 1, values: Float32Array.of(0, 0.5, 1, 1) }, undefined, { width: 4, height: 1, values: Float32Array.of(1, 1, 1, 0.2) });
    expect([...map.confidence].map((v) => Math.round(100 * v))).toEqual([0, 25, 50, 10]);
    const same = { width: 1, height: 1, confidence: Float32Array.of(0.7) };
    mistrust(same, undefined);
    mistrust(undefined, { width: 1, height: 1, values: Float32Array.of(0) });
    expect(same.confidence[0]).toBeCloseTo(0.7);
  });
});
