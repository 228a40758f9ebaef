import type { View } from './view.js';

/**
 * Fills `out` with the homogeneous barycentric coordinates of a triangle as planes over sample coordinates (Olano and Greer
 * 1997): weight k at (x, y) is (out[3k] x + out[3k+1] y + out[3k+2]) / sum, out[9..11] is that sum's plane and
 * z = out[12] / sum. Perspective-correct, exact to double precision, and indifferent to clipping. `a`, `b`, `c` are vertex
 * numbers in `camera` (xyz each, camera frame).
 */
export function barycentricPlanes(camera: Float64Array, a: number, b: number, c: number, view: View, out: Float64Array): void {
  const ax = camera[a * 3], ay = camera[a * 3 + 1], az = camera[a * 3 + 2];
  const bx = camera[b * 3], by = camera[b * 3 + 1], bz = camera[b * 3 + 2];
  const cx = camera[c * 3], cy = camera[c * 3 + 1], cz = camera[c * 3 + 2];
  const ix = 1 / view.fx, iy = 1 / view.fy;
  const ox = view.cx * ix, oy = view.cy * iy;
  const px = by * cz - bz * cy, py = bz * cx - bx * cz, pz = bx * cy - by * cx;
  const qx = cy * az - cz * ay, qy = cz * ax - cx * az, qz = cx * ay - cy * ax;
  const rx = ay * bz - az * by, ry = az * bx - ax * bz, rz = ax * by - ay * bx;
  out[0] = px * ix; out[1] = py * iy; out[2] = pz - px * ox - py * oy;
  out[3] = qx * ix; out[4] = qy * iy; out[5] = qz - qx * ox - qy * oy;
  out[6] = rx * ix; out[7] = ry * iy; out[8] = rz - rx * ox - ry * oy;
  out[9] = out[0] + out[3] + out[6];
  out[10] = out[1] + out[4] + out[7];
  out[11] = out[2] + out[5] + out[8];
  out[12] = ax * px + ay * py + az * pz;
}
