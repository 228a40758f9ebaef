/**
 * The unit quaternion x, y, z, w (w >= 0) of a rotation matrix's rows (of a 3x3 or the upper left of a 4x4), by the largest of the four
 * components (Shepperd, "Quaternion from rotation matrix", 1978).
 */
export function quaternionOf(m: readonly (readonly number[])[]): [number, number, number, number] {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [number, number, number][];
  const squares = [1 + a - e - i, 1 - a + e - i, 1 - a - e + i, 1 + a + e + i];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]);
  const q = [
    [s / 4, (b + d) / s, (c + g) / s, (h - f) / s],
    [(b + d) / s, s / 4, (f + h) / s, (c - g) / s],
    [(c + g) / s, (f + h) / s, s / 4, (d - b) / s],
    [(h - f) / s, (c - g) / s, (d - b) / s, s / 4],
  ][largest];
  return q.map((v) => (q[3] < 0 ? -v : v)) as [number, number, number, number];
}
