import { describe, expect, it } from '@jest/globals';
import type { CameraModel } from '../types/camera-info.js';
import { pinholeCamera } from './pinhole-camera.js';
import { pixelRays, rayPixels } from './pixel-rays.js';

const base = pinholeCamera({ width: 640, height: 480 }, { fx: 400, provenance: 'calibrated' });

describe('pixelRays', () => {
  it('undoes plumb_bob', () => {
    const [k1, k2, p1, p2, k3] = [-0.28, 0.07, 0.001, -0.0005, 0.01];
    const [x, y] = [0.5, -0.3];
    const r2 = x * x + y * y;
    const radial = 1 + k1 * r2 + k2 * r2 ** 2 + k3 * r2 ** 3;
    const u = 400 * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + 319.5;
    const v = 400 * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + 239.5;
    const ray = pixelRays({ ...base, distortionModel: 'plumb_bob', d: [k1, k2, p1, p2, k3] })(u, v);
    expect(ray[0]).toBeCloseTo(x, 4);
    expect(ray[1]).toBeCloseTo(y, 4);
  });

  it('undoes a rational lens with a thin prism, and refuses a tilted sensor', () => {
    const d = [0.1, -0.2, 0.001, 0.001, 0.05, 0.2, -0.1, 0.02, 0.02, 0.01, -0.02, 0.01];
    const [k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4] = d as [number, number, number, number, number, number, number, number, number, number, number, number];
    const [x, y] = [0.5, -0.3];
    const r2 = x * x + y * y;
    const radial = (1 + k1 * r2 + k2 * r2 ** 2 + k3 * r2 ** 3) / (1 + k4 * r2 + k5 * r2 ** 2 + k6 * r2 ** 3);
    const u = 400 * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x) + s1 * r2 + s2 * r2 ** 2) + 319.5;
    const v = 400 * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y + s3 * r2 + s4 * r2 ** 2) + 239.5;
    const ray = pixelRays({ ...base, distortionModel: 'rational_polynomial', d })(u, v);
    expect(ray[0]).toBeCloseTo(x, 4);
    expect(ray[1]).toBeCloseTo(y, 4);
    expect(() => pixelRays({ ...base, distortionModel: 'rational_polynomial', d: [...d, 0.01, 0] })).toThrow(/tilted sensor/);
  });

  it('undoes equidistant', () => {
    const theta = 0.9;
    const distorted = theta * (1 + 0.02 * theta ** 2 - 0.01 * theta ** 4);
    const ray = pixelRays({ ...base, distortionModel: 'equidistant', d: [0.02, -0.01, 0, 0] })(400 * distorted + 319.5, 239.5);
    expect(ray[0]).toBeCloseTo(Math.tan(theta), 6);
    expect(ray[1]).toBeCloseTo(0, 9);
    for (const d of [[], [0, 0, 0, 0]]) expect(pixelRays({ ...base, distortionModel: 'equidistant', d })(400 * theta + 319.5, 239.5)[0]).toBeCloseTo(Math.tan(theta), 6);
  });
});

describe('pixelRays of a lens that bends back within the picture', () => {
  // Fitted to the middle of 1920x1080: along a radius the picture reaches 1.08 focal lengths, at 59.6 degrees; its corners are at 1.28.
  const wide: CameraModel = { ...pinholeCamera({ width: 1920, height: 1080 }, { fx: 860, provenance: 'calibrated' }), distortionModel: 'plumb_bob', d: [-0.26, 0.085, 0.0003, 0.0002, -0.0135] };

  it('are NaN where no ray leads to', () => {
    for (const [u, v] of [[0, 0], [1919, 0], [16, 160], [1919, 1079]] as const) expect(pixelRays(wide)(u, v)).toEqual([NaN, NaN]);
    expect(pixelRays({ ...wide, distortionModel: 'equidistant', d: [-0.3, 0, 0, 0] })(0, 0)).toEqual([NaN, NaN]);
  });

  it('are found up to there', () => {
    for (const degrees of [20, 45, 55, 57.5, 59]) {
      const r = Math.tan((degrees * Math.PI) / 180);
      const [x, y] = [0.8 * r, -0.6 * r];
      const pixel = rayPixels(wide)(x, y);
      expect(pixel).toBeDefined();
      const ray = pixelRays(wide)(...pixel!);
      expect(Math.hypot(ray[0] - x, ray[1] - y)).toBeLessThan(0.001 * r);
    }
  });
});

describe('rayPixels', () => {
  const EIGHT = [0.1, -0.2, 0.001, 0.001, 0.05, 0.2, -0.1, 0.02];
  it.each<[CameraModel['distortionModel'], readonly number[]]>([
    ['none', []], ['plumb_bob', [-0.28, 0.07, 0.001, -0.0005, 0.01]], ['rational_polynomial', EIGHT], ['rational_polynomial', [...EIGHT, 0.02, 0.01, -0.02, 0.01]], ['equidistant', [0.02, -0.01, 0, 0]],
  ])('of %s %j leads back to the pixel whose ray it is', (distortionModel, d) => {
    const camera = { ...base, distortionModel, d };
    for (const [u, v] of [[320, 240], [500, 100], [90, 400], [319.5, 20]] as const) {
      const pixel = rayPixels(camera)(...pixelRays(camera)(u, v));
      expect(pixel?.[0]).toBeCloseTo(u, 1);
      expect(pixel?.[1]).toBeCloseTo(v, 1);
    }
  });

  it('has no pixel for rays that the coefficients bend back into the picture', () => {
    // 1 - 0.3 r^2 turns back at r = 1.05: the ray of 60 degrees would be where that of 10 is.
    const pixel = rayPixels({ ...base, distortionModel: 'plumb_bob', d: [-0.3, 0, 0, 0, 0] });
    expect(pixel(0.8, 0)?.[0]).toBeCloseTo(400 * 0.8 * (1 - 0.3 * 0.64) + 319.5, 6);
    expect(pixel(Math.tan(Math.PI / 3), 0)).toBeUndefined();
    expect(pixel(NaN, 0)).toBeUndefined();
  });
});
