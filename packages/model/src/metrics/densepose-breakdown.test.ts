import { describe, expect, it } from '@jest/globals';
import { DENSEPOSE_PARTS, DensePoseConfusion } from './densepose-breakdown.js';

const parts = (...names: string[]): Uint8Array => Uint8Array.from(names, (name) => DENSEPOSE_PARTS.indexOf(name));

describe('DensePoseConfusion', () => {
  it('names 24 different parts, each limb with its mirror image', () => {
    expect(new Set(DENSEPOSE_PARTS).size).toBe(25);
    for (const name of DENSEPOSE_PARTS) if (name.includes('left')) expect(DENSEPOSE_PARTS).toContain(name.replace('left', 'right'));
    expect([DENSEPOSE_PARTS[3], DENSEPOSE_PARTS[5], DENSEPOSE_PARTS[24]]).toEqual(['right hand', 'left foot', 'left head']);
  });

  it('tells swaps of side and face from other mistakes', () => {
    const confusion = new DensePoseConfusion();
    confusion.add(
      parts('left hand', 'torso back', 'left thigh back', 'torso front', 'right thigh front', 'none', 'left head'),
      parts('right hand', 'torso front', 'right thigh front', 'right hand', 'right thigh front', 'left foot', 'none'),
    );
    const { recallByPart, ...shares } = confusion.result();
    expect(shares).toMatchObject({
      bodyRecall: 5 / 6, bodyPrecision: 5 / 6, partAccuracyFound: 1 / 5, regionAccuracyFound: 4 / 5, leftRightSwapped: 1 / 5, frontBackSwapped: 1 / 5, bothSwapped: 1 / 5,
    });
    expect(recallByPart).toEqual({ 'right hand': 0, 'torso front': 0, 'right thigh front': 0.5, 'left foot': 0 });
  });

  it('keeps small and large people apart', () => {
    const confusion = new DensePoseConfusion();
    confusion.add(Uint8Array.of(1, 0, 2, 2), Uint8Array.of(1, 1, 2, 1), [40, 40, 200, 200]);
    expect(confusion.result().partAccuracyBySize).toEqual({ under64: 0.5, from64to128: Number.NaN, over128: 0.5 });
    expect(confusion.result().partAccuracyFoundBySize).toEqual({ under64: 1, from64to128: Number.NaN, over128: 0.5 });
  });

  it('does not count void truth, and refuses other sizes', () => {
    const confusion = new DensePoseConfusion();
    confusion.add(Uint8Array.of(1), Uint8Array.of(255));
    expect(confusion.result().bodyRecall).toBeNaN();
    expect(() => confusion.add(new Uint8Array(1), new Uint8Array(2))).toThrow(/densepose/);
  });
});
