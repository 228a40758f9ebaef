import { describe, expect, it } from '@jest/globals';
import { ClipCamera, randomLens } from './clip-camera.js';
import { Rng } from './math/rng.js';
import { Lens } from './sensor/lens.js';
import { createWorld } from './world.js';

describe('randomLens', () => {
  it('never folds a picture, from a long lens to 110 degrees, wide and upright', () => {
    for (let seed = 0; seed < 12; seed++) {
      for (const [width, height] of [[40, 30], [24, 30]]) {
        const f = width / 2 / Math.tan(((seed % 2 ? 110 : 45) * Math.PI) / 360);
        const camera = { width, height, fx: f, fy: f, cx: (width - 1) / 2, cy: (height - 1) / 2 };
        const lens = new Lens(camera, randomLens(new Rng(seed), camera));
        expect(lens.ideal.width).toBeLessThan(width * 1.6);
      }
    }
  });
});

describe('ClipCamera', () => {
  it('keeps boxes, keypoints and masks of people together, and the same bytes for the same draw', () => {
    let compared = 0;
    for (let seed = 1; seed < 16 && compared < 6; seed++) {
      const world = createWorld({ seed, width: 48, height: 36, supersampling: 1 });
      const frame = new ClipCamera(world, new Rng(seed), 0.1).shoot(12, 9);
      for (const person of frame.people) {
        const [x, y, w, h] = person.box;
        for (const point of person.keypoints) {
          if (point.visibility !== 2) continue;
          compared++;
          expect(point.x).toBeGreaterThan(x - 2.5);
          expect(point.x).toBeLessThan(x + w + 1.5);
          expect(point.y).toBeGreaterThan(y - 2.5);
          expect(point.y).toBeLessThan(y + h + 1.5);
        }
      }
      if (seed === 1) expect(new ClipCamera(world, new Rng(seed), 0.1).shoot(12, 9).rgb).toEqual(frame.rgb);
    }
    expect(compared).toBeGreaterThanOrEqual(6);
  });
});
