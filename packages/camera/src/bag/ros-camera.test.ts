import { describe, expect, it } from '@jest/globals';
import { distortion } from '@sextant/core';
import { scaleCamera } from '../calibration/scale-camera.js';
import { cameraFromRos, cameraInfoTopic, cameraOfTopic } from './ros-camera.js';
import type { RosCameraInfo } from './ros-camera.js';

const info = (part: Partial<RosCameraInfo> = {}): RosCameraInfo => ({
  width: 1280, height: 960, distortion_model: 'plumb_bob', d: [-0.2, 0.05, 0, 0, 0], k: [1000, 0, 639.5, 0, 1000, 479.5, 0, 0, 1],
  r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [900, 0, 640, -90, 0, 900, 480, 0, 0, 0, 1, 0], ...part,
});

describe('cameraFromRos', () => {
  it('crops to the region of interest: focal lengths stay, the principal point moves', () => {
    const roi = { x_offset: 320, y_offset: 240, width: 640, height: 480 };
    const camera = cameraFromRos(info({ roi }), '/camera_info')!;
    expect(camera).toMatchObject({ width: 640, height: 480, k: [1000, 0, 319.5, 0, 1000, 239.5, 0, 0, 1], p: [900, 0, 320, -90, 0, 900, 240, 0, 0, 0, 1, 0], d: [-0.2, 0.05, 0, 0, 0] });
    // Binned by two afterwards: the region is in pixels before that.
    expect(scaleCamera(camera, 320, 240).k).toEqual([500, 0, 159.5, 0, 500, 119.5, 0, 0, 1]);
    expect(cameraFromRos(info({ roi: { x_offset: 0, y_offset: 0, width: 0, height: 0 } }), '/camera_info')).toEqual(cameraFromRos(info(), '/camera_info'));
  });

  it('bins each direction by its own number', () => {
    const camera = cameraFromRos(info({ binning_x: 2, binning_y: 1 }), '/camera_info')!;
    expect(camera).toMatchObject({ width: 640, height: 960, k: [500, 0, 319.5, 0, 1000, 479.5, 0, 0, 1], p: [450, 0, 319.75, -45, 0, 900, 480, 0, 0, 0, 1, 0] });
    expect(scaleCamera(camera, 640, 960)).toBe(camera); // of the pictures' aspect
    const roi = { x_offset: 320, y_offset: 240, width: 642, height: 481 };
    expect(cameraFromRos(info({ roi, binning_x: 4, binning_y: 2 }), '/camera_info')).toMatchObject({ width: 160, height: 240, k: [250, 0, 79.5, 0, 500, 119.5, 0, 0, 1] });
    expect(cameraFromRos(info({ binning_x: 0, binning_y: 0 }), '/camera_info')).toEqual(cameraFromRos(info({ binning_x: 1, binning_y: 1 }), '/camera_info'));
  });

  it('keeps the lens of an equidistant camera without coefficients, and only that', () => {
    const fisheye = cameraFromRos(info({ distortion_model: 'equidistant', d: [0, 0, 0, 0] }), '/camera_info')!;
    expect(fisheye).toMatchObject({ distortionModel: 'equidistant', d: [0, 0, 0, 0] });
    expect(distortion(fisheye)(1, 0)[0]).toBeCloseTo(Math.PI / 4, 9);
    expect(cameraFromRos(info({ d: [0, 0, 0, 0, 0] }), '/camera_info')).toMatchObject({ distortionModel: 'none', d: [] });
  });

  it('keeps a thin prism, which moves the corners by pixels, and refuses a tilted sensor', () => {
    const d = [0.1, -0.2, 0.001, 0.001, 0.05, 0.2, -0.1, 0.02, 0.02, 0.01, -0.02, 0.01];
    const rational = (more: readonly number[]) => cameraFromRos(info({ distortion_model: 'rational_polynomial', d: [...d, ...more] }), '/camera_info')!;
    expect(rational([]).d).toEqual(d);
    expect(rational([0, 0])).toEqual(rational([]));
    expect(() => rational([0.01, 0])).toThrow(expect.objectContaining({ code: 'unsupported', message: '/camera_info has a tilted sensor (tau 0.01, 0)' }));
    const [bent, plain] = [distortion(rational([])), distortion({ ...rational([]), d: d.slice(0, 8) })];
    expect(bent(0.64, 0.48)[0] - plain(0.64, 0.48)[0]).toBeCloseTo(0.02 * 0.64 + 0.01 * 0.64 ** 2, 12); // r2 is 0.64
    expect(bent(0.64, 0.48)[1] - plain(0.64, 0.48)[1]).toBeCloseTo(-0.02 * 0.64 + 0.01 * 0.64 ** 2, 12);
  });

  it('refuses coefficients of a model that is not named', () => {
    expect(() => cameraFromRos(info({ distortion_model: '' }), '/camera_info')).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining("coefficients (-0.2, 0.05, 0, 0, 0) of the lens model ''") }));
    expect(cameraFromRos(info({ distortion_model: '', d: [] }), '/camera_info')).toMatchObject({ distortionModel: 'none', d: [] });
  });

  it('knows no camera where K is zero, and refuses a lens it does not know', () => {
    expect(cameraFromRos(info({ k: new Float64Array(9) }), '/camera_info')).toBeUndefined();
    expect(() => cameraFromRos(info({ distortion_model: 'scaramuzza' }), '/camera_info')).toThrow(expect.objectContaining({ code: 'unsupported', message: "/camera_info has the lens model 'scaramuzza'" }));
  });
});

describe('cameraOfTopic', () => {
  it.each([
    ['/left/image_rect', '/left/camera_info', true],
    ['/left/image_rect_color/compressed', '/left/camera_info', true],
    ['/infra1/image_rect_raw', '/infra1/camera_info', true],
    ['/left/image_raw', '/left/camera_info', false],
    ['/image_rect/image_raw/compressed', '/image_rect/camera_info', false],
  ])('of %s is beside it in %s; rectified: %s', (topic, beside, rectified) => {
    expect(cameraInfoTopic(topic)).toBe(beside);
    const raw = cameraFromRos(info(), beside)!;
    if (rectified) expect(cameraOfTopic(raw, topic)).toMatchObject({ distortionModel: 'none', d: [], k: [900, 0, 640, 0, 900, 480, 0, 0, 1] });
    else expect(cameraOfTopic(raw, topic)).toBe(raw);
  });
});
