import { expect, it } from '@jest/globals';
import type { CameraModel } from '../types/camera-info.js';
import { intrinsicsOf } from './intrinsics.js';

const camera: CameraModel = {
  width: 640, height: 480, distortionModel: 'none', d: [], k: [500, 0, 330.5, 0, 510, 230.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [500, 0, 330.5, 0, 0, 510, 230.5, 0, 0, 0, 1, 0], provenance: 'calibrated',
};

it('intrinsics follow the map, the principal point from the middle of the first pixel', () => {
  expect(intrinsicsOf({ width: 640, height: 480, camera }, { width: 640, height: 480 })).toEqual({ fx: 500, fy: 510, cx: 330.5, cy: 230.5, provenance: 'calibrated' });
  expect(intrinsicsOf({ width: 640, height: 480, camera }, { width: 128, height: 96 })).toEqual({ fx: 100, fy: 102, cx: 331 / 5 - 0.5, cy: 231 / 5 - 0.5, provenance: 'calibrated' });
});

it('a camera that nobody knows is what the model takes it for', () => {
  expect(intrinsicsOf({ width: 640, height: 480 }, { width: 320, height: 240 })).toEqual({ fx: 288, fy: 288, cx: 159.5, cy: 119.5, provenance: 'guessed' });
});
