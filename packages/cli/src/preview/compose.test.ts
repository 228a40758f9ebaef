import { describe, expect, it } from '@jest/globals';
import type { Frame, Keypoint, Perception } from '@sextant/core';
import { PreviewComposer } from './compose.js';

const [W, H] = [32, 24];
/** A picture that is dark on the left and bright on the right. */
const rgb = Uint8Array.from({ length: W * H * 3 }, (_, i) => (Math.floor(i / 3) % W < W / 2 ? 20 : 220));
const frame: Frame = { stamp: 0n, frameId: 'camera_optical_frame', sequence: 0, width: W, height: H, rgb };
const panel = (perception: Omit<Perception, 'frame' | 'latencyMs'>, modality: 'segmentation' | 'skeleton') => {
  const { rgb: sheet, width } = new PreviewComposer([modality]).compose({ frame, latencyMs: 0, ...perception });
  // The second of two panels.
  return (x: number, y: number): readonly number[] => [...sheet.subarray((y * width + W + x) * 3, (y * width + W + x) * 3 + 3)];
};

describe('PreviewComposer', () => {
  it('shows classes in their colours, and the picture through them', () => {
    const classes = [{ id: 0, name: 'wall', color: [200, 40, 40] as const, thing: false }];
    const at = panel({ segmentation: { width: W, height: H, labels: new Uint8Array(W * H), instances: new Uint16Array(W * H), classes } }, 'segmentation');
    const [dark, bright] = [at(4, 12), at(W - 4, 12)];
    expect(bright[0] - dark[0]).toBeGreaterThan(50);
    for (const [r, g, b] of [dark, bright]) {
      expect(r - g).toBeGreaterThan(80);
      expect(Math.abs(g - b)).toBeLessThan(2);
    }
  });

  it('draws the joints that are more likely right than wrong, and no others', () => {
    const joint = (x: number, score: number): Keypoint => ({ x, y: 12, score });
    const keypoints = Array.from({ length: 17 }, (_, i) => (i === 5 ? joint(6, 0.9) : i === 6 ? joint(12, 0.2) : joint(0, 0)));
    const at = panel({ skeleton: { width: W, height: H, people: [{ id: 1, score: 1, box: [0, 0, W, H], keypoints }] } }, 'skeleton');
    expect(Math.max(...at(6, 12))).toBeGreaterThan(200);
    expect(at(12, 12)).toEqual(at(12, 4));
  });
});
