import { describe, expect, it } from '@jest/globals';
import { identity } from '../math/mat4.js';
import type { GBuffer, Pinhole, Vec3 } from '../render/types.js';
import { keypointVisibility, tightBoxes } from './visibility.js';

const camera: Pinhole = { width: 20, height: 10, fx: 10, fy: 10, cx: 9.5, cy: 4.5, camToWorld: identity() };

/** Instance 7 as a wall 3 m away over columns 5..9, rows 2..6. */
function scene(): GBuffer {
  const n = camera.width * camera.height;
  const gbuffer: GBuffer = {
    width: camera.width, height: camera.height, rgb: new Uint8Array(3 * n), depth: new Float32Array(n).fill(NaN),
    flow: new Float32Array(2 * n), occlusion: new Uint8Array(n), labels: new Uint8Array(n), instances: new Uint16Array(n),
    part: new Uint8Array(n), partU: new Uint8Array(n), partV: new Uint8Array(n),
  };
  for (let y = 2; y <= 6; y++) {
    for (let x = 5; x <= 9; x++) {
      gbuffer.instances[y * 20 + x] = 7;
      gbuffer.depth[y * 20 + x] = 3;
    }
  }
  return gbuffer;
}
/** The world point seen at a pixel at a depth (identity pose: optical frame = world). */
const at = (x: number, y: number, z: number): Vec3 => [((x - 9.5) * z) / 10, ((y - 4.5) * z) / 10, z];
const visibility = (points: Vec3[]): number[] => keypointVisibility(points, camera, scene(), 7).map((point) => point.visibility);

describe('keypointVisibility', () => {
  it('projects with pixel centres at integers', () => {
    const [point] = keypointVisibility([at(7, 4, 3.02)], camera, scene(), 7);
    expect(point.x).toBeCloseTo(7, 9);
    expect(point.y).toBeCloseTo(4, 9);
    expect(point.visibility).toBe(2);
  });

  it('is 1 where the own body or another thing is in front', () => {
    expect(visibility([at(7, 4, 3.3), at(15, 4, 3)])).toEqual([1, 1]);
  });

  it('lets hips lie deeper than the nose', () => {
    const points = Array.from({ length: 17 }, () => at(7, 4, 3.15));
    const seen = visibility(points);
    expect(seen[0]).toBe(1);
    expect(seen[11]).toBe(2);
  });

  it('forgives one pixel at the outline', () => {
    expect(visibility([at(10, 4, 3), at(11, 4, 3)])).toEqual([2, 1]);
  });

  it('is 0 outside the picture and behind the camera', () => {
    expect(visibility([at(25, 4, 3), at(7, -2, 3), [0, 0, -3]])).toEqual([0, 0, 0]);
  });

  it('gives nothing for a person without a skeleton', () => {
    expect(visibility([])).toEqual([]);
  });
});

describe('tightBoxes', () => {
  it('surround the visible pixels, and are empty for unseen instances', () => {
    expect([...tightBoxes(scene(), [7, 8])]).toEqual([[7, [5, 2, 5, 5]], [8, [0, 0, 0, 0]]]);
  });
});
