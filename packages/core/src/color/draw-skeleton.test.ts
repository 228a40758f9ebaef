import { describe, expect, it } from '@jest/globals';
import type { Keypoint, Skeletons } from '../types/perception.js';
import { drawSkeleton } from './draw-skeleton.js';

/** One person of 17 joints without an opinion, but for those given. */
function person(joints: Readonly<Record<number, Keypoint>>, width = 20, height = 10): Skeletons {
  const keypoints = Array.from({ length: 17 }, (_, i) => joints[i] ?? { x: 0, y: 0, score: 0 });
  return { width, height, people: [{ id: 1, score: 1, box: [0, 0, width, height], keypoints }] };
}
const at = (rgb: Uint8Array, width: number, x: number, y: number): number[] => Array.from(rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));

describe('drawSkeleton', () => {
  it('draws a limb between two joints seen, in the colour of its side, over black', () => {
    const { rgb } = drawSkeleton(person({ 5: { x: 2, y: 5, score: 1 }, 7: { x: 12, y: 5, score: 1 } }));
    for (let x = 2; x <= 12; x += 1) expect(at(rgb, 20, x, 5)).toEqual([64, 160, 255]);
    expect(at(rgb, 20, 15, 5)).toEqual([0, 0, 0]);
    expect(at(rgb, 20, 7, 7)).toEqual([0, 0, 0]);
  });

  it('leaves out joints below the score, and the limbs at them', () => {
    const { rgb } = drawSkeleton(person({ 6: { x: 2, y: 5, score: 1 }, 8: { x: 12, y: 5, score: 0.2 } }), { minScore: 0.5 });
    expect(at(rgb, 20, 2, 5)).toEqual([255, 128, 32]);
    expect(at(rgb, 20, 7, 5)).toEqual([0, 0, 0]);
    expect(at(rgb, 20, 12, 5)).toEqual([0, 0, 0]);
    const shown = drawSkeleton(person({ 6: { x: 2, y: 5, score: 0.3 }, 8: { x: 12, y: 5, score: 0.29 } })).rgb;
    expect([at(shown, 20, 2, 5), at(shown, 20, 12, 5)]).toEqual([[255, 128, 32], [0, 0, 0]]);
  });

  it('scales to the background and does not write into it', () => {
    const background = { width: 40, height: 20, rgb: new Uint8Array(40 * 20 * 3).fill(9) };
    const { rgb, width } = drawSkeleton(person({ 0: { x: 9.5, y: 4.5, score: 1 } }), { background });
    expect(width).toBe(40);
    expect(at(rgb, 40, 20, 10)).toEqual([64, 224, 96]);
    expect(at(rgb, 40, 0, 0)).toEqual([9, 9, 9]);
    expect(background.rgb.every((value) => value === 9)).toBe(true);
  });

  it('survives joints outside the picture and ones that are not numbers', () => {
    const wild = person({ 5: { x: -1e9, y: 3, score: 1 }, 7: { x: 1e9, y: 3, score: 1 }, 9: { x: Number.NaN, y: 0, score: 1 } });
    expect(drawSkeleton(wild).rgb).toHaveLength(600);
  });
});
