import type { Size } from '../runtime/grid.js';
import { nearestColour, type Colour } from '../text/colours.js';
import type { FoundMap } from './referred.js';

/**
 * Of what was found, the regions whose mean colour in the picture is one of `colours`, numbered anew. Every other pixel from `threshold` on, of another region or of a speck,
 * is as if it had not been found, and its probability 0; those below are as they were. Returns fresh arrays.
 *
 * @param picture uint8 RGB, of which the map shows all at its own size
 */
export function ofColour(found: FoundMap, colours: readonly Colour[], picture: Size & { readonly rgb: Uint8Array }): FoundMap {
  const { width, height, regions, count } = found;
  const sums = Array.from({ length: count + 1 }, (): [number, number, number, number] => [0, 0, 0, 0]);
  for (let y = 0; y < picture.height; y++) {
    const row = Math.floor((y * height) / picture.height) * width;
    for (let x = 0; x < picture.width; x++) {
      const sum = sums[regions[row + Math.floor((x * width) / picture.width)]];
      const at = 3 * (y * picture.width + x);
      for (let c = 0; c < 3; c++) sum[c] += picture.rgb[at + c];
      sum[3]++;
    }
  }
  let kept = 0;
  const numbers = sums.map(([r, g, b, pixels], region) => (region > 0 && pixels > 0 && colours.includes(nearestColour([r / pixels, g / pixels, b / pixels])) ? ++kept : 0));
  return {
    ...found, count: kept, regions: regions.map((region) => numbers[region]),
    probability: found.probability.map((p, i) => (numbers[regions[i]] === 0 && (regions[i] > 0 || p >= found.threshold) ? 0 : p)),
  };
}
