import type { CameraModel } from '../types/camera-info.js';
import { lensOf } from './lens.js';

/** Where a ray (x, y, 1) of the ideal camera meets the normalised image plane behind the real lens. */
export type Distortion = (x: number, y: number) => readonly [number, number];

/**
 * The lens model of a camera as a function on normalised coordinates, with the meaning of sensor_msgs/CameraInfo:
 * `plumb_bob` (k1 k2 p1 p2 [k3]) and `rational_polynomial` (k1 k2 p1 p2 k3 k4 k5 k6 [s1 s2 s3 s4], s of a thin prism) after
 * Brown-Conrady as OpenCV has it (https://docs.opencv.org/4.x/d9/d0c/group__calib3d.html), `equidistant` (k1..k4) after
 * Kannala-Brandt, OpenCV's fisheye.
 *
 * @throws SextantError `unsupported` for a tilted sensor (tau of OpenCV's fourteen coefficients), or coefficients of no model.
 */
export function distortion(camera: CameraModel): Distortion {
  const { distortionModel, d } = lensOf(camera.distortionModel, camera.d, 'the camera');
  switch (distortionModel) {
    case 'none':
      return (x, y) => [x, y];
    case 'plumb_bob':
    case 'rational_polynomial': {
      const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = d;
      return (x, y) => {
        const [xx, yy, xy] = [x * x, y * y, x * y];
        const r2 = xx + yy;
        const radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)));
        const [prismX, prismY] = [r2 * (s1 + r2 * s2), r2 * (s3 + r2 * s4)];
        return [x * radial + 2 * p1 * xy + p2 * (r2 + 2 * xx) + prismX, y * radial + p1 * (r2 + 2 * yy) + 2 * p2 * xy + prismY];
      };
    }
    case 'equidistant': {
      const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = d;
      return (x, y) => {
        const r = Math.hypot(x, y);
        if (r < 1e-9) return [x, y];
        const theta = Math.atan(r);
        const t2 = theta * theta;
        const scale = (theta * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))))) / r;
        return [x * scale, y * scale];
      };
    }
  }
}
