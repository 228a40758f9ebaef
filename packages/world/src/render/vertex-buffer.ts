import { NEAR, type View } from './view.js';
import type { Mat4 } from './types.js';

/** Transformed vertices of one view; grows, never shrinks. */
export class VertexBuffer {
  /** x, y, z in the camera frame per vertex, metres. */
  camera = new Float64Array(0);
  /** x, y in samples and 1/z per vertex; 1/z is 0 for a vertex nearer than NEAR. */
  screen = new Float64Array(0);

  reserve(vertices: number): void {
    if (this.screen.length >= vertices * 3) return;
    this.camera = new Float64Array(Math.ceil(vertices * 1.25) * 3);
    this.screen = new Float64Array(Math.ceil(vertices * 1.25) * 3);
  }

  /** Puts `positions` through `toCamera` and the view's projection, from vertex `base` on. */
  project(positions: Float32Array, toCamera: Mat4, view: View, base: number): void {
    const { camera, screen } = this;
    const { fx, fy, cx, cy } = view;
    const m0 = toCamera[0], m1 = toCamera[1], m2 = toCamera[2], m3 = toCamera[3];
    const m4 = toCamera[4], m5 = toCamera[5], m6 = toCamera[6], m7 = toCamera[7];
    const m8 = toCamera[8], m9 = toCamera[9], m10 = toCamera[10], m11 = toCamera[11];
    for (let i = 0, o = base * 3; i < positions.length; i += 3, o += 3) {
      const px = positions[i], py = positions[i + 1], pz = positions[i + 2];
      const x = m0 * px + m1 * py + m2 * pz + m3;
      const y = m4 * px + m5 * py + m6 * pz + m7;
      const z = m8 * px + m9 * py + m10 * pz + m11;
      camera[o] = x;
      camera[o + 1] = y;
      camera[o + 2] = z;
      if (z >= NEAR) {
        const inverse = 1 / z;
        screen[o] = fx * x * inverse + cx;
        screen[o + 1] = fy * y * inverse + cy;
        screen[o + 2] = inverse;
      } else {
        screen[o + 2] = 0;
      }
    }
  }

  /** Orthographic: screen x, y and depth are the three rows of `toLight` (depth grows towards the light). */
  projectParallel(positions: Float32Array, toLight: Mat4, base: number): void {
    const { screen } = this;
    const m0 = toLight[0], m1 = toLight[1], m2 = toLight[2], m3 = toLight[3];
    const m4 = toLight[4], m5 = toLight[5], m6 = toLight[6], m7 = toLight[7];
    const m8 = toLight[8], m9 = toLight[9], m10 = toLight[10], m11 = toLight[11];
    for (let i = 0, o = base * 3; i < positions.length; i += 3, o += 3) {
      const px = positions[i], py = positions[i + 1], pz = positions[i + 2];
      screen[o] = m0 * px + m1 * py + m2 * pz + m3;
      screen[o + 1] = m4 * px + m5 * py + m6 * pz + m7;
      screen[o + 2] = m8 * px + m9 * py + m10 * pz + m11;
    }
  }
}
