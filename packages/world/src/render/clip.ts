import type { VertexBuffer } from './vertex-buffer.js';
import { NEAR, type View } from './view.js';

/**
 * Cuts a triangle (vertex numbers a, b, c) at the near plane and writes the remaining polygon's corners, projected, to the
 * buffer's first vertices (the clip slots). Returns how many there are: 0, 3 or 4.
 */
export function clipNear(buffer: VertexBuffer, view: View, a: number, b: number, c: number): number {
  const { camera, screen } = buffer;
  let count = 0;
  for (let k = 0; k < 3; k++) {
    const from = (k === 0 ? a : k === 1 ? b : c) * 3;
    const to = (k === 0 ? b : k === 1 ? c : a) * 3;
    const z0 = camera[from + 2], z1 = camera[to + 2];
    if (z0 >= NEAR) {
      screen[count * 3] = screen[from]!;
      screen[count * 3 + 1] = screen[from + 1]!;
      screen[count * 3 + 2] = screen[from + 2]!;
      count++;
    }
    if (z0 >= NEAR !== z1 >= NEAR) {
      const t = (NEAR - z0) / (z1 - z0);
      screen[count * 3] = (view.fx * (camera[from] + t * (camera[to] - camera[from]))) / NEAR + view.cx;
      screen[count * 3 + 1] = (view.fy * (camera[from + 1] + t * (camera[to + 1] - camera[from + 1]))) / NEAR + view.cy;
      screen[count * 3 + 2] = 1 / NEAR;
      count++;
    }
  }
  return count;
}
