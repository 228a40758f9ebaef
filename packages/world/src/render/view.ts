import { rigidInverse } from '../math/mat4.js';
import type { Mat4, Pinhole } from './types.js';

/** Nearest z that is drawn, metres. */
export const NEAR = 0.02;

/**
 * A camera in units of its sample grid. With supersampling 2 samples are half a pixel apart and every second one lies on a
 * pixel centre, so truth and colour come from one visibility buffer: pixel (x, y) is sample (2x + 1, 2y + 1).
 */
export interface View {
  readonly supersampling: 1 | 2;
  /** Samples. */
  readonly width: number;
  readonly height: number;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly camToWorld: Mat4;
  readonly worldToCam: Mat4;
}

export function viewOf(camera: Pinhole, supersampling: 1 | 2): View {
  const border = supersampling - 1;
  return {
    supersampling,
    width: camera.width * supersampling + border,
    height: camera.height * supersampling + border,
    fx: camera.fx * supersampling,
    fy: camera.fy * supersampling,
    cx: camera.cx * supersampling + border,
    cy: camera.cy * supersampling + border,
    camToWorld: camera.camToWorld,
    worldToCam: rigidInverse(camera.camToWorld),
  };
}
