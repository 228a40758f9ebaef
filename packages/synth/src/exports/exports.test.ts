import { describe, expect, it } from '@jest/globals';
import type { CameraModel } from '@sextant/core';
import { nerfstudioTransforms } from './nerfstudio.js';
import { quaternionOf } from './quaternion.js';
import { tumLists } from './tum.js';

const FRAMES = [0, 1].map((index) => ({ index, stamp: index * 1e8, cam2world: [[0, 0, 1, 2 + index], [-1, 0, 0, 3], [0, -1, 0, 4], [0, 0, 0, 1]] }));

/** The matrix of a unit quaternion. */
function matrix([x, y, z, w]: readonly number[]): number[][] {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

describe('quaternionOf', () => {
  it.each([[[0, 0, 0, 1]], [[0.6, 0, 0, 0.8]], [[0.8, 0.6, 0, 0]], [[0, 0.8, 0.6, 0]], [[0.6, 0, 0.8, 0]], [[0.1, 0.7, 0.1, 0.7]], [[-0.5, 0.5, -0.5, 0.5]]])('is the inverse of the rotation matrix: %j', (q) => {
    const found = quaternionOf(matrix(q));
    expect(Math.hypot(...found)).toBeCloseTo(1);
    expect(Math.abs(found.reduce((dot, v, i) => dot + v * q[i], 0))).toBeCloseTo(1);
    expect(found[3]).toBeGreaterThanOrEqual(0);
  });
});

it('tumLists writes the three lists of the benchmark', () => {
  expect(tumLists(FRAMES, true)).toEqual({
    'rgb.txt': '# timestamp filename\n0.000000 rgb/000000.png\n0.100000 rgb/000001.png\n',
    'depth.txt': '# timestamp filename (16-bit PNG, 1000 per metre, 0 none)\n0.000000 depth/000000.png\n0.100000 depth/000001.png\n',
    // The optical frame of a camera that looks along the world's x: the quaternion that ROS uses for it.
    'groundtruth.txt': '# timestamp tx ty tz qx qy qz qw\n0.000000 2.000000 3.000000 4.000000 -0.5000000 0.5000000 -0.5000000 0.5000000\n0.100000 3.000000 3.000000 4.000000 -0.5000000 0.5000000 -0.5000000 0.5000000\n',
  });
  expect(Object.keys(tumLists(FRAMES, false))).toEqual(['rgb.txt', 'groundtruth.txt']);
});

it('nerfstudioTransforms turns poses to OpenGL axes and counts pixels from the corner', () => {
  const camera: CameraModel = { width: 40, height: 30, distortionModel: 'plumb_bob', d: [-0.1, 0.01, 0, 0.001, 0], k: [20, 0, 19.5, 0, 21, 14.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [20, 0, 19.5, 0, 0, 21, 14.5, 0, 0, 0, 1, 0], provenance: 'simulated' };
  const made = nerfstudioTransforms(camera, FRAMES, true);
  expect(made).toMatchObject({ camera_model: 'OPENCV', w: 40, h: 30, fl_x: 20, fl_y: 21, cx: 20, cy: 15, k1: -0.1, k2: 0.01, p2: 0.001, depth_unit_scale_factor: 0.001 });
  // Backwards is the world's -x, up its z.
  expect((made.frames as unknown[])[0]).toEqual({ file_path: 'rgb/000000.png', depth_file_path: 'depth/000000.png', transform_matrix: [[0, 0, -1, 2], [-1, 0, 0, 3], [0, 1, 0, 4], [0, 0, 0, 1]] });
});
