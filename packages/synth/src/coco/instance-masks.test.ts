import { describe, expect, it } from '@jest/globals';
import { instanceMasks } from './instance-masks.js';

/** The pixels that a run-length code stands for, row-major. */
function decode(counts: readonly number[], width: number, height: number): number[] {
  const out = new Array<number>(width * height).fill(0);
  let at = 0;
  counts.forEach((length, run) => {
    for (let k = 0; k < length; k += 1, at += 1) out[(at % height) * width + Math.floor(at / height)] = run % 2;
  });
  expect(at).toBe(width * height);
  return out;
}

describe('instanceMasks', () => {
  it('codes runs down the columns, as COCO does', () => {
    // The mask of pycocotools' own example: 0 1 / 1 1 read down the columns is 0 1 1 1.
    const instances = Uint16Array.from([0, 7, 7, 7]);
    expect(instanceMasks(new Uint8Array(4).fill(1), instances, 2, 2)).toEqual([{ instanceId: 7, classId: 1, area: 3, bbox: [0, 0, 2, 2], counts: [1, 3] }]);
    expect(instanceMasks(new Uint8Array(4), Uint16Array.from([5, 0, 0, 5]), 2, 2)).toEqual([{ instanceId: 5, classId: 0, area: 2, bbox: [0, 0, 2, 2], counts: [0, 1, 2, 1] }]);
  });

  it('gives back every pixel of every thing', () => {
    const [width, height] = [7, 5];
    const instances = Uint16Array.from({ length: 35 }, (_, i) => (i * i * 31) % 4);
    const labels = instances.map((id) => (id === 0 ? 0 : id + 10));
    const masks = instanceMasks(Uint8Array.from(labels), instances, width, height);
    expect(masks.map(({ instanceId }) => instanceId)).toEqual([...new Set(instances)].filter((id) => id > 0).sort());
    for (const { instanceId, classId, counts, area, bbox: [x, y, w, h] } of masks) {
      const wanted = Array.from(instances, (id) => (id === instanceId ? 1 : 0));
      expect(decode(counts, width, height)).toEqual(wanted);
      expect(classId).toBe(instanceId + 10);
      expect(area).toBe(wanted.filter((v) => v === 1).length);
      const seen = wanted.flatMap((v, i) => (v === 1 ? [[i % width, Math.floor(i / width)]] : []));
      expect([x, y, x + w - 1, y + h - 1]).toEqual([Math.min(...seen.map((p) => p[0])), Math.min(...seen.map((p) => p[1])), Math.max(...seen.map((p) => p[0])), Math.max(...seen.map((p) => p[1]))]);
    }
  });

  it('refuses maps of another size', () => {
    expect(() => instanceMasks(new Uint8Array(3), new Uint16Array(4), 2, 2)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
