/** Coefficients of ROS's plumb_bob model (OpenCV's five, Brown 1966): k1, k2, p1, p2, k3. */
export type PlumbBob = readonly [k1: number, k2: number, p1: number, p2: number, k3: number];

/** Ideal normalised coordinates (x/z, y/z) -> distorted ones, into `out[0..1]`. */
export function distort(d: PlumbBob, x: number, y: number, out: Float64Array): void {
  const [k1, k2, p1, p2, k3] = d;
  const r = x * x + y * y;
  const radial = 1 + r * (k1 + r * (k2 + r * k3));
  out[0] = x * radial + 2 * p1 * x * y + p2 * (r + 2 * x * x);
  out[1] = y * radial + p1 * (r + 2 * y * y) + 2 * p2 * x * y;
}

/**
 * Whether the model holds at an ideal point: whether out to there what is farther out appears farther out. Beyond, the polynomial turns back, and what
 * is far outside the picture would appear in its middle. By the radial part, which is what turns.
 */
export function holdsAt([k1, k2, , , k3]: PlumbBob, x: number, y: number): boolean {
  const end = x * x + y * y;
  const slope = (r: number): number => 1 + r * (3 * k1 + r * (5 * k2 + r * 7 * k3));
  // The slope is least at the end or where its own derivative, 3 k1 + 10 k2 r + 21 k3 r^2, is 0.
  const root = Math.sqrt(25 * k2 * k2 - 63 * k1 * k3);
  const least = k3 === 0 ? [(-3 * k1) / (10 * k2)] : [(-5 * k2 + root) / (21 * k3), (-5 * k2 - root) / (21 * k3)];
  return slope(end) > 0 && least.every((r) => !(r > 0 && r < end) || slope(r) > 0);
}

/**
 * Distorted normalised coordinates -> ideal ones, into `out[0..1]`, by Newton steps on the exact Jacobian. False where the
 * model folds over (too strong a distortion for so wide an angle), with the last iterate in `out`.
 */
export function undistort(d: PlumbBob, x: number, y: number, out: Float64Array): boolean {
  const [k1, k2, p1, p2, k3] = d;
  let u = x, v = y;
  for (let step = 0; step < 12; step++) {
    const r = u * u + v * v;
    const radial = 1 + r * (k1 + r * (k2 + r * k3));
    const slope = k1 + r * (2 * k2 + 3 * k3 * r);
    const ex = u * radial + 2 * p1 * u * v + p2 * (r + 2 * u * u) - x;
    const ey = v * radial + p1 * (r + 2 * v * v) + 2 * p2 * u * v - y;
    const xx = radial + 2 * u * u * slope + 2 * p1 * v + 6 * p2 * u;
    const xy = 2 * u * v * slope + 2 * p1 * u + 2 * p2 * v;
    const yy = radial + 2 * v * v * slope + 6 * p1 * v + 2 * p2 * u;
    const determinant = xx * yy - xy * xy;
    if (!(determinant > 1e-6)) break;
    u -= (yy * ex - xy * ey) / determinant;
    v -= (xx * ey - xy * ex) / determinant;
    out[0] = u;
    out[1] = v;
    if (ex * ex + ey * ey < 1e-22) return true;
  }
  return false;
}
