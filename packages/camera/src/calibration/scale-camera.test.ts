import { describe, expect, it } from '@jest/globals';
import type { CameraModel } from '@sextant/core';
import { scaleCamera } from './scale-camera.js';

const camera: CameraModel = {
  width: 1920, height: 1080, distortionModel: 'plumb_bob', d: [0.1, 0, 0, 0, 0], k: [1000, 0, 959.5, 0, 1000, 539.5, 0, 0, 1],
  r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [900, 0, 959.5, -90, 0, 900, 539.5, 0, 0, 0, 1, 0], provenance: 'calibrated',
};

describe('scaleCamera of pictures', () => {
  it('scales, and gives the same object for the same size', () => {
    expect(scaleCamera(camera, 960, 540).k).toEqual([500, 0, 479.5, 0, 500, 269.5, 0, 0, 1]);
    expect(scaleCamera(camera, 1920, 1080)).toBe(camera);
  });

  it('allows for an aspect that is off by rounding, and refuses any other, naming both sizes', () => {
    expect(scaleCamera(camera, 854, 480).width).toBe(854);
    expect(() => scaleCamera(camera, 640, 480)).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(/1920x1080.*640x480/) }));
    expect(() => scaleCamera(camera, 480, 854)).toThrow(/another aspect/);
  });
});
