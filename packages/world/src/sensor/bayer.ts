/**
 * Keeps one colour per photosite (RGGB) and rebuilds the others by bilinear interpolation, which softens detail and fringes
 * edges as real sensors do. `rgb` and `out` are linear, three values per pixel.
 */
export function bayerDemosaic(rgb: Float32Array, width: number, height: number, out: Float32Array): void {
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      for (let k = 0; k < 3; k++) {
        let sum = 0, weight = 0;
        for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
          for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
            if ((i & 1) + (j & 1) !== k) continue;
            const w = (i === x ? 2 : 1) * (j === y ? 2 : 1);
            sum += w * rgb[(j * width + i) * 3 + k];
            weight += w;
          }
        }
        // A photosite that has the colour itself keeps it; pictures one pixel wide may have no neighbour with it.
        out[o + k] = (x & 1) + (y & 1) === k || weight === 0 ? rgb[o + k] : sum / weight;
      }
    }
  }
}
