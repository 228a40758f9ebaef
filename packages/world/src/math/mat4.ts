import type { Mat4, Vec3 } from '../render/types.js';
import { cos, sin } from './deterministic.js';

/** Column-vector 4x4 matrices, stored row-major in Float64Array(16); every function returns a fresh matrix. */

export function identity(): Mat4 {
  return Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
}

/** The product: the last matrix acts first. `multiply(a, b, c)` is a * b * c. */
export function multiply(first: Mat4, ...rest: readonly Mat4[]): Mat4 {
  let a = first;
  for (const b of rest) {
    const out = new Float64Array(16);
    for (let r = 0; r < 16; r += 4) {
      for (let c = 0; c < 4; c++) {
        out[r + c] = a[r] * b[c] + a[r + 1] * b[c + 4] + a[r + 2] * b[c + 8] + a[r + 3] * b[c + 12];
      }
    }
    a = out;
  }
  return a === first ? first.slice() : a;
}

export function translation(x: number, y: number, z: number): Mat4 {
  return Float64Array.of(1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1);
}

/** Scales by (x, y, z); with one argument the same in all directions. */
export function scaling(x: number, y = x, z = x): Mat4 {
  return Float64Array.of(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1);
}

/** Turns by `angle` radians, right-handed about `axis` (any length but zero). */
export function rotation(axis: Vec3, angle: number): Mat4 {
  const [x, y, z] = normalize(axis);
  const c = cos(angle), s = sin(angle), t = 1 - c;
  return Float64Array.of(
    t * x * x + c, t * x * y - s * z, t * x * z + s * y, 0,
    t * x * y + s * z, t * y * y + c, t * y * z - s * x, 0,
    t * x * z - s * y, t * y * z + s * x, t * z * z + c, 0,
    0, 0, 0, 1,
  );
}

export function rotationX(angle: number): Mat4 {
  const c = cos(angle), s = sin(angle);
  return Float64Array.of(1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1);
}

export function rotationY(angle: number): Mat4 {
  const c = cos(angle), s = sin(angle);
  return Float64Array.of(c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0, 0, 0, 0, 1);
}

/** Turns by `angle` radians about z (yaw: counter-clockwise seen from above). */
export function rotationZ(angle: number): Mat4 {
  const c = cos(angle), s = sin(angle);
  return Float64Array.of(c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
}

/** Inverse of a rotation plus translation (no scale): the transposed rotation. */
export function rigidInverse(m: Mat4): Mat4 {
  const x = m[3], y = m[7], z = m[11];
  return Float64Array.of(
    m[0], m[4], m[8], -(m[0] * x + m[4] * y + m[8] * z),
    m[1], m[5], m[9], -(m[1] * x + m[5] * y + m[9] * z),
    m[2], m[6], m[10], -(m[2] * x + m[6] * y + m[10] * z),
    0, 0, 0, 1,
  );
}

export function transformPoint(m: Mat4, p: Vec3): [number, number, number] {
  return [
    m[0] * p[0] + m[1] * p[1] + m[2] * p[2] + m[3],
    m[4] * p[0] + m[5] * p[1] + m[6] * p[2] + m[7],
    m[8] * p[0] + m[9] * p[1] + m[10] * p[2] + m[11],
  ];
}

/** Transforms a direction: no translation. */
export function transformDirection(m: Mat4, d: Vec3): [number, number, number] {
  return [
    m[0] * d[0] + m[1] * d[1] + m[2] * d[2],
    m[4] * d[0] + m[5] * d[1] + m[6] * d[2],
    m[8] * d[0] + m[9] * d[1] + m[10] * d[2],
  ];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The vector at length 1; the zero vector stays zero. */
export function normalize(v: Vec3): [number, number, number] {
  const length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 0, 0];
}

/**
 * Pose of a camera (optical frame -> world: z forward, x right, y down) at `eye` looking at `target`.
 * Looking straight along `up` is resolved by taking x of the world as the picture's top.
 */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3 = [0, 0, 1]): Mat4 {
  const f = normalize([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]]);
  let right = cross(f, up);
  if (dot(right, right) < 1e-12) right = cross(f, [1, 0, 0]);
  const r = normalize(right);
  const d = cross(f, r);
  return Float64Array.of(r[0], d[0], f[0], eye[0], r[1], d[1], f[1], eye[1], r[2], d[2], f[2], eye[2], 0, 0, 0, 1);
}
