import type { ReferredMap } from '@sextant/core';
import { readOutput, type NamedTensor } from '../runtime/tensor.js';
import { bestCut } from './best-cut.js';
import { components } from './components.js';

/** Regions smaller than this many pixels of the map are not counted. */
const LEAST = 12;
/**
 * Where less intersection over union is to be expected, only pixels that are likelier there than not are found. Chosen on worlds 50000 to 50079 as about the least for which
 * things that are not in view are found no more often than with 0.5 alone; lower, things in view would gain on.
 */
const LEAST_EXPECTED = 0.2;

/** A referred map without the phrase that it was made for. */
export type FoundMap = Omit<ReferredMap, 'phrase' | 'asked'>;

/**
 * [1,1,h,w] probabilities as a map with its regions, the largest first, cut where the greatest intersection over union is to be expected (`bestCut`). Returns fresh arrays.
 * @throws SextantError `inference-failed`.
 */
export function decodeReferred(tensor: NamedTensor): FoundMap {
  const { data, h: height, w: width } = readOutput(tensor, 'float32', [1, 1, 'h', 'w']);
  const probability = Float32Array.from(data);
  const cut = bestCut(probability);
  const threshold = cut.expectedIoU >= LEAST_EXPECTED ? cut.threshold : 0.5;
  const found: Int32Array[] = [];
  for (const { pixels } of components(Uint8Array.from(probability, (p) => (p >= threshold ? 1 : 0)), width, height, [false, true])) {
    if (pixels.length >= LEAST) found.push(pixels.slice());
  }
  const regions = new Uint16Array(width * height);
  found.sort((a, b) => b.length - a.length).forEach((pixels, i) => pixels.forEach((at) => (regions[at] = i + 1)));
  return { width, height, probability, threshold, regions, count: found.length };
}
