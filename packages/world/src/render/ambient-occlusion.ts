/** Radius within which nearby surfaces darken a corner, metres. */
const RADIUS = 0.45;
/** Half of the taps, at uneven radii so that no silhouette is copied whole; the others are opposite. */
const TAPS = [
  [1.000000, 0.000000], [0.415746, 0.172208], [0.565685, 0.565685], [0.114805, 0.277164],
  [0.000000, 0.950000], [-0.191342, 0.461940], [-0.530330, 0.530330], [-0.323358, 0.133939],
] as const;

/**
 * Screen-space ambient occlusion per pixel, 0.35..1. Opposite taps are summed in inverse depth, where a plane at any tilt
 * cancels out, so only concave places darken; taps on things far in front count as nothing.
 */
export function ambientOcclusion(depth: Float32Array, width: number, height: number, focal: number, out: Float32Array): void {
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const z = depth[o];
      if (!(z > 0)) {
        out[o] = 1;
        continue;
      }
      const reach = Math.min(12, Math.max(1.5, (focal * RADIUS * 0.7) / z));
      const here = 1 / z;
      let sum = 0;
      for (let k = 0; k < TAPS.length; k++) {
        const dx = Math.floor(TAPS[k][0] * reach + 0.5), dy = Math.floor(TAPS[k][1] * reach + 0.5);
        if (x + dx < 0 || x + dx >= width || x - dx < 0 || x - dx >= width || y + dy >= height || y - dy < 0) continue;
        const za = depth[o + dy * width + dx], zb = depth[o - dy * width - dx];
        if (!(za > 0) || !(zb > 0) || z - za > RADIUS || z - zb > RADIUS || za - z > 2 * RADIUS || zb - z > 2 * RADIUS) continue;
        const rise = (0.5 * (1 / za + 1 / zb) - here) * z * z;
        sum += Math.min(1, Math.max(0, (rise - 0.004 * z) / (0.5 * RADIUS)));
      }
      out[o] = 1 - 0.65 * Math.min(1, sum * 0.22);
    }
  }
}
