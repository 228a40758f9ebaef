import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CLASSES } from './classes.js';
import type { WorldFrame } from './types.js';
import { createWorld } from './world.js';

const SMALL = { width: 48, height: 36, supersampling: 1 } as const;

function digest(frame: WorldFrame): string {
  const hash = createHash('sha256');
  for (const plane of [frame.rgb, frame.depth, frame.flow, frame.occlusion, frame.labels, frame.instances, frame.part, frame.partU, frame.partV]) {
    hash.update(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
  }
  return hash.update(JSON.stringify(frame.people)).update(JSON.stringify(Array.from(frame.camToWorld))).digest('hex');
}

/** World point seen at a pixel. */
function unproject(frame: WorldFrame, x: number, y: number): [number, number, number] {
  const { k } = frame.camera, m = frame.camToWorld;
  const z = frame.depth[y * frame.width + x];
  const cx = ((x - k[2]) / k[0]) * z, cy = ((y - k[5]) / k[4]) * z;
  return [0, 4, 8].map((r) => m[r] * cx + m[r + 1] * cy + m[r + 2] * z + m[r + 3]) as [number, number, number];
}

/** Pixel and depth at which a world point appears. */
function project(frame: WorldFrame, p: readonly number[]): [number, number, number] {
  const { k } = frame.camera, m = frame.camToWorld;
  const d = [p[0] - m[3], p[1] - m[7], p[2] - m[11]];
  const [x, y, z] = [0, 1, 2].map((c) => m[c] * d[0] + m[4 + c] * d[1] + m[8 + c] * d[2]);
  return [k[2] + (k[0] * x) / z, k[5] + (k[4] * y) / z, z];
}

describe('createWorld (procedural)', () => {
  it('gives the same bytes for the same seed, in any order of frames', () => {
    const first = createWorld({ seed: 7, ...SMALL }), second = createWorld({ seed: 7, ...SMALL });
    const a = [first.render(0), first.render(5)].map(digest);
    const b = [second.render(5), second.render(0)].map(digest).reverse();
    expect(a).toEqual(b);
    expect(a[0]).not.toBe(a[1]);
    expect(second.caption).toBe(first.caption);
  });

  it('has only classes of the table, and instances exactly where things are', () => {
    for (const seed of [1, 2]) {
      const frame = createWorld({ seed, ...SMALL }).render(2);
      frame.labels.forEach((label, i) => {
        expect(CLASSES[label]).toBeDefined();
        if (CLASSES[label].name === 'person') expect(frame.instances[i]).toBeGreaterThan(0);
        if (CLASSES[label].name === 'sky') expect(frame.depth[i]).toBeNaN();
      });
    }
  });

  it('boxes people by their masks', () => {
    let checked = 0;
    for (let seed = 1; seed < 12 && checked < 3; seed++) {
      const frame = createWorld({ seed, ...SMALL }).render(0);
      for (const person of frame.people) {
        const [x, y, w, h] = person.box;
        let inside = 0, outside = 0;
        frame.instances.forEach((id, i) => {
          if (id !== person.instanceId) return;
          const px = i % frame.width, py = Math.floor(i / frame.width);
          if (px >= x && px < x + w && py >= y && py < y + h) inside++;
          else outside++;
          expect(CLASSES[frame.labels[i]].name).toBe('person');
        });
        expect(outside).toBe(0);
        expect(inside > 0).toBe(w * h > 0);
        expect(person.keypoints).toHaveLength(person.labelled ? 17 : 0);
        checked += inside > 0 ? 1 : 0;
      }
    }
    expect(checked).toBeGreaterThanOrEqual(3);
  });

  it('has flow and depth that agree with geometry on what stands still', () => {
    let agreed = 0, compared = 0;
    for (const seed of [11, 12]) {
      const world = createWorld({ seed, width: 96, height: 72, supersampling: 1 });
      const before = world.render(9), now = world.render(10);
      for (let y = 1; y < 71; y++) {
        for (let x = 1; x < 95; x++) {
          const i = y * 96 + x;
          if (!['wall', 'floor', 'ceiling', 'road', 'grass', 'ground', 'building', 'sidewalk'].includes(CLASSES[now.labels[i]].name)) continue;
          const [u, v, z] = project(before, unproject(now, x, y));
          // Flow: where the still point was one frame ago.
          expect(Math.abs(x - u - now.flow[i * 2])).toBeLessThan(0.02);
          expect(Math.abs(y - v - now.flow[i * 2 + 1])).toBeLessThan(0.02);
          if (now.occlusion[i]) continue;
          const px = Math.round(u), py = Math.round(v);
          if (px < 0 || py < 0 || px > 95 || py > 71 || before.labels[py * 96 + px] !== now.labels[i]) continue;
          compared++;
          // Half a pixel of slope is allowed for: grazing floors change by some percent from pixel to pixel.
          if (Math.abs(before.depth[py * 96 + px] / z - 1) < 0.05) agreed++;
        }
      }
    }
    expect(compared).toBeGreaterThan(1000);
    expect(agreed / compared).toBeGreaterThan(0.97);
  });

  it('keeps traffic going in plain view: no truck is gone from one frame to the next', () => {
    const world = createWorld({ seed: 2000002, ...SMALL, fps: 5, scene: 'outdoor' });
    const sizes = [54, 55, 56, 57].map((n) => world.render(n).instances.filter((id) => id === 46).length);
    for (let i = 1; i < sizes.length; i++) expect(sizes[i] / sizes[i - 1]).toBeGreaterThan(0.85);
  });

  it('rejects options out of range with a SextantError', () => {
    for (const bad of [{ seed: -1 }, { seed: 1.5 }, { seed: 1, width: 0 }, { seed: 1, fovDegrees: 180 }, { seed: 1, fps: NaN }]) {
      expect(() => createWorld(bad)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    }
    const world = createWorld({ seed: 1, ...SMALL });
    expect(() => world.render(-1)).toThrow(/frame index -1/);
  });

  it('reproduces the committed bytes', () => {
    // Changes whenever scenes, models or the renderer change on purpose: then put the new value here and say so in the CHANGELOG.
    expect(digest(createWorld({ seed: 20, width: 64, height: 48 }).render(3))).toBe(COMMITTED);
  });
});

const COMMITTED = '7ce2f3213304bbd988e15646046978e5a2b8fb6c16b55e183baa4fe35de2946f';
