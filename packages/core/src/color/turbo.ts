/**
 * The Turbo colour map (Mikhailov, "Turbo, An Improved Rainbow Colormap for Visualization", Google AI 2019) by its
 * published fifth-degree polynomial approximation (Apache-2.0), as 256 rgb8 entries: blue 0 .. green .. red 255.
 */
export const TURBO: Uint8Array = polynomialTable([
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
]);

function polynomialTable(channels: readonly (readonly number[])[]): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    channels.forEach((coefficients, c) => {
      const value = coefficients.reduceRight((sum, k) => sum * (i / 255) + k, 0);
      table[i * 3 + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
    });
  }
  return table;
}
