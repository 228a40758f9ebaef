import { describe, expect, it } from '@jest/globals';
import type { SegmentationMap } from '../types/perception.js';
import { colorizeSegmentation } from './colorize-segmentation.js';
import { labelColor } from './palette.js';

const map: SegmentationMap = {
  width: 3, height: 1,
  labels: Uint8Array.of(0, 1, 9),
  instances: Uint16Array.of(0, 2, 257),
  classes: [{ id: 0, name: 'background', color: [1, 2, 3], thing: false }, { id: 1, name: 'person', color: [200, 10, 20], thing: true }],
};

describe('colorizeSegmentation', () => {
  it('uses the classes own colours and the palette for ids they do not list', () => {
    expect(Array.from(colorizeSegmentation(map).rgb)).toEqual([1, 2, 3, 200, 10, 20, ...labelColor(9)]);
  });

  it('colours instances apart from none, also beyond 255', () => {
    const rgb = colorizeSegmentation(map, { by: 'instances' }).rgb;
    expect(Array.from(rgb)).toEqual([0, 0, 0, ...labelColor(2), ...labelColor(2)]);
  });
});

describe('labelColor', () => {
  it('is the VOC palette', () => {
    expect([0, 1, 2, 3, 4, 15, 20].map((id) => [...labelColor(id)])).toEqual([
      [0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0], [0, 0, 128], [192, 128, 128], [0, 64, 128],
    ]);
  });

  it('gives 256 distinct colours', () => {
    expect(new Set(Array.from({ length: 256 }, (_, id) => labelColor(id).join())).size).toBe(256);
  });
});
