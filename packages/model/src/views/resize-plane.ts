/**
 * A plane at another size, bilinear, pixel centres at i + 0.5, edges repeated; the same plane where the size stays. Shrinking by more than a
 * factor of 2 would alias.
 */
export function resizePlane(plane: Float32Array, width: number, height: number, toWidth: number, toHeight: number): Float32Array {
  if (width === toWidth && height === toHeight) return plane;
  const out = new Float32Array(toWidth * toHeight);
  const taps = (from: number, to: number): { low: Int32Array; part: Float32Array } => {
    const at = Float32Array.from({ length: to }, (_, i) => Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5)));
    const low = Int32Array.from(at, (x) => Math.min(Math.floor(x), Math.max(0, from - 2)));
    return { low, part: at.map((x, i) => x - low[i]) };
  };
  const [across, down] = [taps(width, toWidth), taps(height, toHeight)];
  const [stepX, stepY] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  for (let y = 0, o = 0; y < toHeight; y++) {
    const [row, fy] = [down.low[y] * width, down.part[y]];
    for (let x = 0; x < toWidth; x++, o++) {
      const [i, fx] = [row + across.low[x], across.part[x]];
      const upper = plane[i] + fx * (plane[i + stepX] - plane[i]);
      const lower = plane[i + stepY] + fx * (plane[i + stepY + stepX] - plane[i + stepY]);
      out[o] = upper + fy * (lower - upper);
    }
  }
  return out;
}
