import { describe, expect, it } from '@jest/globals';
import { disc, overlaps } from './footprint.js';

const box = (x: number, y: number, halfX: number, halfY: number, yaw = 0, bottom = 0, top = 1) => ({ x, y, halfX, halfY, yaw, bottom, top });

describe('overlaps', () => {
  it('separates boxes side by side and keeps the gap', () => {
    expect(overlaps(box(0, 0, 1, 1), box(2.1, 0, 1, 1))).toBe(false);
    expect(overlaps(box(0, 0, 1, 1), box(2.1, 0, 1, 1), 0.2)).toBe(true);
    expect(overlaps(box(0, 0, 1, 1), box(1.9, 0, 1, 1))).toBe(true);
  });

  it('turns footprints', () => {
    // A long thin box at 45 degrees passes the corner of a unit box that its bounding square would cover.
    expect(overlaps(box(0, 0, 1, 1), box(1.8, 1.8, 1.5, 0.1, (3 * Math.PI) / 4))).toBe(false);
    expect(overlaps(box(0, 0, 1, 1), box(1.8, 1.8, 1.5, 0.1, Math.PI / 4))).toBe(true);
  });

  it('lets things pass above each other', () => {
    expect(overlaps(box(0, 0, 1, 1, 0, 0, 0.7), disc(0, 0, 0.2, 0.8, 1.2))).toBe(false);
    expect(overlaps(box(0, 0, 1, 1, 0, 0, 0.9), disc(0, 0, 0.2, 0.8, 1.2))).toBe(true);
  });
});
