import type { ReferredMap } from '@sextant/core';
import { readOutput, type NamedTensor } from '../runtime/tensor.js';
import { bestCut } from './best-cut.js';
import { components } from './components.js';
import type { LabelMap } from './segmentation.js';

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
  const mask = Uint8Array.from(probability, (p) => (p >= threshold ? 1 : 0));
  return { width, height, probability, threshold, ...regionsOf(mask, width, height, [false, true]) };
}

/**
 * What a segmentation takes for one of `classes` (ids), as a map with its regions, each of one class. The probability is that of the class seen there, which is the least that
 * all of them together can have; 0 where another one is seen. Returns fresh arrays.
 */
export function decodeGroup({ width, height, labels, confidence }: LabelMap, classes: readonly number[]): FoundMap {
  const wanted = Array.from({ length: 256 }, (_, id) => classes.includes(id));
  // Never 0, so that what is found is all that the threshold lets through.
  const probability = Float32Array.from(labels, (label, i) => (wanted[label] ? Math.max(1e-3, confidence?.[i] ?? 1) : 0));
  const threshold = probability.reduce((least, p) => (p > 0 && p < least ? p : least), 0.5);
  return { width, height, probability, threshold, ...regionsOf(labels, width, height, wanted) };
}

/** Connected regions of wanted labels, without specks, numbered from the largest. */
function regionsOf(labels: Uint8Array, width: number, height: number, wanted: readonly boolean[]): Pick<FoundMap, 'regions' | 'count'> {
  const found: Int32Array[] = [];
  for (const { pixels } of components(labels, width, height, wanted)) if (pixels.length >= LEAST) found.push(pixels.slice());
  const regions = new Uint16Array(width * height);
  found.sort((a, b) => b.length - a.length).forEach((pixels, i) => pixels.forEach((at) => (regions[at] = i + 1)));
  return { regions, count: found.length };
}
