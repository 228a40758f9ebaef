import { VOID_LABEL } from '@sextant/model';
import { SUPERSETS } from '@sextant/world';

type Superset = (typeof SUPERSETS)[number];

/**
 * COCO panoptic categories (cocodataset.org, panoptic_coco_categories.json) by superset; ranges are inclusive. What fits no
 * superset (mirrors, nets, blankets, tents, platforms, stairs, banners) is left out and does not count.
 */
const COCO: readonly (readonly [Superset, readonly (number | readonly [number, number])[]])[] = [
  ['person', [1]],
  ['vehicle', [[2, 9]]],
  ['structure', [10, 11, 13, 14, 185]],
  ['furniture', [15, 62, 63, 65, 67, 70, 81, 107, 156, 188, 189]],
  ['animal', [[16, 25]]],
  ['object', [[27, 61], [72, 80], [82, 90], 100, 122, 130, 141, 168, 195, 196]],
  ['vegetation', [64, 119, 184]],
  ['building', [95, 128, 151, 197]],
  ['opening', [109, 112, 180, 181]],
  ['floor', [118, 190, 200]],
  ['ceiling', [186]],
  ['wall', [171, 175, 176, 177, 199]],
  ['road', [147, 149, 191]],
  ['terrain', [125, 145, 148, 154, 155, 159, 178, 192, 193, 194, 198]],
  ['sky', [187]],
];

/** CamVid's eleven classes, as the SegNet tutorial names them. A bicyclist is a person on a vehicle: neither. */
const CAMVID: Readonly<Record<string, Superset>> = {
  sky: 'sky', building: 'building', pole: 'structure', road: 'road', pavement: 'road', tree: 'vegetation', sign: 'structure', fence: 'structure',
  car: 'vehicle', pedestrian: 'person',
};

/** From the label of a truth to a superset's id. */
export type LabelMap = (label: number) => number;

const COCO_TABLE = new Uint8Array(256).fill(VOID_LABEL);
for (const [name, ranges] of COCO) {
  for (const range of ranges) {
    const [first, last] = typeof range === 'number' ? [range, range] : range;
    COCO_TABLE.fill(SUPERSETS.indexOf(name), first, last + 1);
  }
}

/** A COCO panoptic category id to its superset's; `VOID_LABEL` for all others. */
export const fromCoco: LabelMap = (label) => (label < COCO_TABLE.length ? COCO_TABLE[label] : VOID_LABEL);

/** CamVid class indices, in the order of the item's `classes`, to supersets' ids. */
export function fromCamvid(names: readonly string[]): LabelMap {
  const table = names.map((name) => (name in CAMVID ? SUPERSETS.indexOf(CAMVID[name]) : VOID_LABEL));
  return (label) => table[label] ?? VOID_LABEL;
}
