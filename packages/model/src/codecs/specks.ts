import { components, touching } from './components.js';
import type { LabelMap } from './segmentation.js';

/** Regions of fewer pixels than this are specks. */
const SPECK = 6;

/**
 * Gives specks of a label map, in place, to the class they touch most: they are noise more often than things. The confidence of a pixel that
 * changes its class is at most what its old one left.
 */
export function absorbSpecks({ labels, confidence, width, height }: LabelMap): void {
  // Found on the map as it was, so that the order of the regions does not matter.
  const before = labels.slice();
  const all = new Array<boolean>(256).fill(true);
  for (const region of components(before, width, height, all)) {
    const { label, pixels } = region;
    if (pixels.length >= SPECK) continue;
    let [major, most] = [label, 0];
    for (const [id, count] of touching(before, width, height, region)) if (count > most) [major, most] = [id, count];
    for (const i of pixels) {
      labels[i] = major;
      if (confidence && major !== label) confidence[i] = Math.min(confidence[i], 1 - confidence[i]);
    }
  }
}
