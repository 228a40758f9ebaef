/**
 * Quaternions (x, y, z, w) in flat arrays: element `i` of an array starts at 4 * i. Only + - * / and sqrt are used,
 * which IEEE 754 rounds exactly, so every machine gets the same bits.
 */
export type Quaternions = Float64Array;

/** out[o] = a[i] * b[j] (first b, then a). `out` may be `a` or `b`. */
export function multiply(out: Quaternions, o: number, a: Quaternions, i: number, b: Quaternions, j: number): void {
  const ax = a[4 * i], ay = a[4 * i + 1], az = a[4 * i + 2], aw = a[4 * i + 3];
  const bx = b[4 * j], by = b[4 * j + 1], bz = b[4 * j + 2], bw = b[4 * j + 3];
  out[4 * o] = aw * bx + ax * bw + ay * bz - az * by;
  out[4 * o + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[4 * o + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[4 * o + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** out[o] = a[i]. */
export function copy(out: Quaternions, o: number, a: Quaternions, i: number): void {
  out[4 * o] = a[4 * i]!;
  out[4 * o + 1] = a[4 * i + 1]!;
  out[4 * o + 2] = a[4 * i + 2]!;
  out[4 * o + 3] = a[4 * i + 3]!;
}

/** out[o] = the rotation between a[i] (s = 0) and b[j] (s = 1), by normalised linear interpolation on the short way. */
export function blend(out: Quaternions, o: number, a: Quaternions, i: number, b: Quaternions, j: number, s: number): void {
  let dot = 0;
  for (let k = 0; k < 4; k++) dot += a[4 * i + k] * b[4 * j + k];
  const t = dot < 0 ? -s : s;
  const x = a[4 * i] * (1 - s) + b[4 * j] * t;
  const y = a[4 * i + 1] * (1 - s) + b[4 * j + 1] * t;
  const z = a[4 * i + 2] * (1 - s) + b[4 * j + 2] * t;
  const w = a[4 * i + 3] * (1 - s) + b[4 * j + 3] * t;
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  const inverse = length > 1e-12 ? 1 / length : 0;
  out[4 * o] = x * inverse;
  out[4 * o + 1] = y * inverse;
  out[4 * o + 2] = z * inverse;
  out[4 * o + 3] = length > 1e-12 ? w * inverse : 1;
}

/**
 * out[o] = the smallest rotation that turns direction `from` into direction `to` (any lengths but zero). For opposite
 * directions, half a turn about an axis across them.
 */
export function between(out: Quaternions, o: number, from: ArrayLike<number>, to: ArrayLike<number>): void {
  const fl = Math.sqrt(from[0] * from[0] + from[1] * from[1] + from[2] * from[2]);
  const tl = Math.sqrt(to[0] * to[0] + to[1] * to[1] + to[2] * to[2]);
  const fx = from[0] / fl, fy = from[1] / fl, fz = from[2] / fl;
  const tx = to[0] / tl, ty = to[1] / tl, tz = to[2] / tl;
  let x = fy * tz - fz * ty;
  let y = fz * tx - fx * tz;
  let z = fx * ty - fy * tx;
  let w = 1 + fx * tx + fy * ty + fz * tz;
  if (w < 1e-9) {
    const across = Math.abs(fx) < 0.9; // the cross product with x, or with y where x is too near
    x = across ? 0 : -fz;
    y = across ? fz : 0;
    z = across ? -fy : fx;
    w = 0;
  }
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  out[4 * o] = x / length;
  out[4 * o + 1] = y / length;
  out[4 * o + 2] = z / length;
  out[4 * o + 3] = w / length;
}

/** target[3 * o ..] = vector (x, y, z) turned by a[i]. */
export function rotate(target: Float64Array, o: number, a: Quaternions, i: number, x: number, y: number, z: number): void {
  const qx = a[4 * i], qy = a[4 * i + 1], qz = a[4 * i + 2], qw = a[4 * i + 3];
  const cx = 2 * (qy * z - qz * y);
  const cy = 2 * (qz * x - qx * z);
  const cz = 2 * (qx * y - qy * x);
  target[3 * o] = x + qw * cx + qy * cz - qz * cy;
  target[3 * o + 1] = y + qw * cy + qz * cx - qx * cz;
  target[3 * o + 2] = z + qw * cz + qx * cy - qy * cx;
}

/** Sets all quaternions of the array to no rotation. */
export function reset(a: Quaternions): void {
  for (let i = 0; i < a.length; i += 4) {
    a[i] = a[i + 1] = a[i + 2] = 0;
    a[i + 3] = 1;
  }
}
