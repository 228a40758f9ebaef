import { MAX_CLASS_NAME } from '../masks/constants.js';
import type { ReferredMap, SegmentationClass, SegmentationMap } from '../types/perception.js';

/** Display colour of what is named: in no palette of classes. */
const COLOR = [255, 64, 200] as const;

const made = new WeakMap<ReferredMap, SegmentationMap>();
let last: { readonly phrase: string; readonly classes: readonly SegmentationClass[] } | undefined;

/**
 * What a phrase names as a segmentation, so that it travels as one: class 1, called by the phrase (a long one's first `MAX_CLASS_NAME` characters), in
 * the map's regions, 0 elsewhere; the regions are the instances, the confidence is the probability of the label. Calls with the same map give the same result; its `instances` are the map's `regions`.
 */
export function referredSegmentation(map: ReferredMap): SegmentationMap {
  const known = made.get(map);
  if (known !== undefined) return known;
  const { width, height, phrase, probability, regions } = map;
  // One table as long as the phrase stays: whoever sends tables sends it once.
  if (last?.phrase !== phrase) last = { phrase, classes: [{ id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 1, name: classNameOf(phrase), color: COLOR, thing: true }] };
  const labels = Uint8Array.from(regions, (region) => (region > 0 ? 1 : 0));
  const segmentation = { width, height, labels, instances: regions, confidence: probability.map((p, i) => (regions[i] > 0 ? p : 1 - p)), classes: last.classes };
  made.set(map, segmentation);
  return segmentation;
}

/** The phrase as the name of a class: receivers refuse a table with a longer one. */
function classNameOf(phrase: string): string {
  // Never half of a surrogate pair.
  return phrase.length <= MAX_CLASS_NAME ? phrase : `${phrase.slice(0, MAX_CLASS_NAME - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
