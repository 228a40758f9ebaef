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

describe('randomLens of a very wide picture', () => {
  it.each([[180, 320, 110], [64, 192, 100], [8, 200, 120]])('is never a strong pincushion (%ix%i, %i degrees)', (width, height, fov) => {
    const f = width / 2 / Math.tan((fov * Math.PI) / 360);
    const camera = { width, height, fx: f, fy: f, cx: (width - 1) / 2, cy: (height - 1) / 2 };
    for (let seed = 0; seed < 12; seed++) {
      const { ideal } = new Lens(camera, randomLens(new Rng(seed), camera));
      // A pincushion of 5 % at the corner shows at least nine tenths of what a pinhole does, either way.
      expect(Math.min(ideal.width / width, ideal.height / height)).toBeGreaterThan(0.9);
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

  it('moves joints by their own motion where a rolling shutter reads them, whatever is in front of them', () => {
    const readout = 0.9, height = 36, lens = [-0.1, 0, 0, 0, 0] as const;
    let compared = 0;
    for (const given of [{ readout: readout / 10 }, { readout: readout / 10, lens }]) {
      const world = createWorld({ seed: 2000002, width: 48, height, fps: 10, supersampling: 1, wishes: { people: [1, 6] } });
      const { people } = new ClipCamera(world, new Rng(1), 0.1, given).shoot(12, 11);
      // The same camera without a rolling shutter, now and a frame before.
      const [now, then] = [[12, 11], [11, 10]].map(([n, before]) => new ClipCamera(world, new Rng(1), 0.1, { ...given, readout: 0 }).shoot(n, before).people);
      people.forEach(({ keypoints }, i) => keypoints.forEach(({ x, y, visibility }, joint) => {
        const a = now[i].keypoints[joint], b = then[i].keypoints[joint];
        if (visibility === 0 || a.visibility === 0 || b.visibility === 0) return;
        compared++;
        // It is read when the row comes that it is then in.
        const late = readout * ((y + 0.5) / height - 0.5);
        expect([x, y]).toEqual([expect.closeTo(a.x + late * (a.x - b.x), 6), expect.closeTo(a.y + late * (a.y - b.y), 6)]);
      }));
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('leaves joints where they are that come from beyond what the lens shows', () => {
    // The hand of one who was far to the side a frame (1 s) ago: a made-up step of a real world.
    const world = createWorld({ seed: 2000002, width: 48, height: 36, fps: 1, supersampling: 1, wishes: { people: [1, 6] } });
    const still = world.renderStep.bind(world);
    const shots = [30, 3000].map((away) => {
      world.renderStep = (...step) => {
        const frame = still(...step);
        return { ...frame, people: frame.people.map((person) => ({ ...person, previousKeypoints: person.keypoints.map(({ x, y }) => [x + away, y, 2] as const) })) };
      };
      return new ClipCamera(world, new Rng(1), 1, { readout: 0.5, lens: [-0.1, 0, 0, 0, 0] }).shoot(12, 11).people.flatMap(({ keypoints }) => keypoints);
    });
    const unrolled = new ClipCamera(world, new Rng(1), 1, { lens: [-0.1, 0, 0, 0, 0] }).shoot(12, 11).people.flatMap(({ keypoints }) => keypoints);
    expect(unrolled.filter(({ visibility }) => visibility > 0).length).toBeGreaterThan(3);
    expect(shots[1]).toEqual(unrolled);
    expect(shots[0]).not.toEqual(unrolled);
  });

  it('comes back from where exposure and white balance drift to', () => {
    const world = createWorld({ seed: 3, width: 16, height: 12, supersampling: 1 });
    const camera = new ClipCamera(world, new Rng(0), 1, { drift: { stops: -0.5, warmth: 0.05 } });
    const shots = Array.from({ length: 9 }, () => camera.shoot(0, -1).rgb);
    const mean = (rgb: Uint8Array): number => rgb.reduce((sum, v) => sum + v, 0) / rgb.length;
    expect(mean(shots[2])).toBeLessThan(mean(shots[1]));
    expect(mean(shots[1])).toBeLessThan(mean(shots[0]));
    expect(shots[3]).toEqual(shots[1]);
    for (const n of [4, 8]) expect(shots[n]).toEqual(shots[0]);
  });
});
