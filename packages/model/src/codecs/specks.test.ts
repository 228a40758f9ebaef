import { describe, expect, it } from '@jest/globals';
import { absorbSpecks } from './specks.js';

const [W, H] = [12, 8];
const map = (paint: readonly (readonly [x: number, y: number, w: number, h: number, label: number])[]) => {
  const labels = new Uint8Array(W * H).fill(1);
  for (const [x, y, w, h, label] of paint) for (let v = y; v < y + h; v++) labels.fill(label, v * W + x, v * W + x + w);
  return { width: W, height: H, labels, instances: new Uint16Array(W * H), confidence: new Float32Array(W * H).fill(0.7) };
};

describe('absorbSpecks', () => {
  it('gives specks to the class they touch most and leaves larger regions', () => {
    const m = map([[6, 0, 6, 8, 2], [5, 3, 1, 2, 3], [1, 5, 3, 2, 4], [0, 0, 1, 1, 5]]);
    absorbSpecks(m);
    expect([m.labels[3 * W + 5], m.labels[4 * W + 5]]).toEqual([1, 1]);
    expect(m.labels[5 * W + 1]).toBe(4);
    expect(m.labels[0]).toBe(1);
    expect([m.labels[5], m.labels[6]]).toEqual([1, 2]);
  });

  it('says less of the pixels that it changed, and the same of the others', () => {
    const m = map([[4, 4, 1, 1, 3]]);
    absorbSpecks(m);
    expect(m.confidence[4 * W + 4]).toBeCloseTo(0.3);
    expect(m.confidence[0]).toBeCloseTo(0.7);
  });

  it('leaves a picture of one class, however small', () => {
    const tiny = { width: 2, height: 2, labels: new Uint8Array(4).fill(7), instances: new Uint16Array(4), confidence: new Float32Array(4).fill(1) };
    absorbSpecks(tiny);
    expect([...tiny.labels]).toEqual([7, 7, 7, 7]);
    expect([...tiny.confidence]).toEqual([1, 1, 1, 1]);
  });
});
