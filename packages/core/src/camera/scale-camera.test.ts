import { describe, expect, it } from '@jest/globals';
import type { CameraModel } from '../types/camera-info.js';
import { scaleCamera } from './scale-camera.js';

const camera: CameraModel = {
  width: 1920, height: 1080, distortionModel: 'plumb_bob', d: [0.1, 0, 0, 0, 0], k: [1000, 0, 959.5, 0, 1000, 539.5, 0, 0, 1],
  r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [900, 0, 959.5, -90, 0, 900, 539.5, 0, 0, 0, 1, 0], provenance: 'calibrated',
};

describe('scaleCamera', () => {
  it('scales focal lengths, centres (by pixel edges) and a stereo baseline', () => {
    const half = scaleCamera(camera, 960, 540);
    expect(half).toEqual({ ...camera, width: 960, height: 540, k: [500, 0, 479.5, 0, 500, 269.5, 0, 0, 1], p: [450, 0, 479.5, -45, 0, 450, 269.5, 0, 0, 0, 1, 0] });
    expect(scaleCamera(half, 1920, 1080)).toEqual(camera);
  });

  it('stretches where the grid has another aspect, as the grids of models have', () => {
    expect(scaleCamera(camera, 192, 120).k).toEqual([100, 0, 95.5, 0, 1000 / 9, 59.5, 0, 0, 1].map((v) => expect.closeTo(v, 9)));
  });

  it('gives the same object for the same size', () => {
    expect(scaleCamera(camera, 1920, 1080)).toBe(camera);
  });
});
