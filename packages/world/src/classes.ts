import type { SegmentationClass } from '@sextant/core';

/**
 * The label set of the simulated world in COCO's and ADE's words, and the superset each class belongs to.
 * Ids are positions and are stored in shards and models: append, never reorder.
 */
const TABLE: readonly (readonly [name: string, superset: string, thing: boolean])[] = [
  ['background', 'background', false],
  ['person', 'person', true],
  ['dog', 'animal', true], ['cat', 'animal', true], ['horse', 'animal', true], ['cow', 'animal', true], ['sheep', 'animal', true],
  ['bird', 'animal', true], ['animal', 'animal', true],
  ['car', 'vehicle', true], ['truck', 'vehicle', true], ['bus', 'vehicle', true], ['motorcycle', 'vehicle', true],
  ['bicycle', 'vehicle', true], ['boat', 'vehicle', true],
  ['chair', 'furniture', true], ['couch', 'furniture', true], ['bed', 'furniture', true], ['table', 'furniture', true],
  ['cabinet', 'furniture', true], ['shelf', 'furniture', true], ['bench', 'furniture', true],
  ['toilet', 'furniture', true], ['sink', 'furniture', true], ['bathtub', 'furniture', true],
  ['lamp', 'object', true], ['tv', 'object', true], ['laptop', 'object', true], ['appliance', 'object', true],
  ['book', 'object', true], ['bottle', 'object', true], ['cup', 'object', true], ['bowl', 'object', true],
  ['vase', 'object', true], ['clock', 'object', true], ['bag', 'object', true], ['box', 'object', true], ['ball', 'object', true],
  ['toy', 'object', true], ['tool', 'object', true], ['food', 'object', true], ['trash can', 'object', true], ['object', 'object', true],
  ['potted plant', 'vegetation', true], ['tree', 'vegetation', true], ['bush', 'vegetation', true],
  ['building', 'building', false],
  ['wall', 'wall', false], ['floor', 'floor', false], ['ceiling', 'ceiling', false],
  ['road', 'road', false], ['sidewalk', 'road', false],
  ['grass', 'terrain', false], ['ground', 'terrain', false], ['rock', 'terrain', true], ['water', 'terrain', false],
  ['sky', 'sky', false],
  ['window', 'opening', false], ['door', 'opening', true], ['curtain', 'opening', false], ['picture', 'opening', true],
  ['pole', 'structure', true], ['fence', 'structure', false], ['sign', 'structure', true], ['traffic light', 'structure', true],
  ['street light', 'structure', true], ['hydrant', 'structure', true], ['cone', 'structure', true],
];

/** Superset names in id order; models of the first generation predict these. */
export const SUPERSETS = [
  'background', 'person', 'animal', 'vehicle', 'furniture', 'object', 'vegetation', 'building', 'wall', 'floor', 'ceiling', 'road',
  'terrain', 'sky', 'opening', 'structure',
] as const;

/** Display colours of the supersets (sRGB), chosen to stay apart in the common colour-vision deficiencies. */
const SUPERSET_COLORS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0], [230, 60, 60], [240, 170, 40], [60, 90, 230], [160, 90, 200], [240, 120, 190], [40, 150, 60], [130, 110, 100],
  [190, 180, 160], [150, 120, 80], [220, 220, 230], [110, 110, 120], [120, 170, 70], [120, 190, 240], [90, 200, 190], [250, 230, 90],
];

/** Superset id of every fine class id. */
export const SUPERSET_OF: Uint8Array = Uint8Array.from(TABLE, ([, superset]) => (SUPERSETS as readonly string[]).indexOf(superset));

/** The fine classes, position = id; each wears a shade of its superset's colour. */
export const CLASSES: readonly SegmentationClass[] = TABLE.map(([name, , thing], id) => {
  const [r, g, b] = SUPERSET_COLORS[SUPERSET_OF[id]];
  const shade = 0.75 + ((id * 37) % 11) / 40;
  const channel = (value: number): number => Math.min(255, Math.round(value * shade));
  return { id, name, thing, color: [channel(r), channel(g), channel(b)] };
});

/** The supersets as classes of their own (what `models/nano` predicts). */
export const SUPERSET_CLASSES: readonly SegmentationClass[] = SUPERSETS.map((name, id) => ({
  id, name, color: SUPERSET_COLORS[id], thing: ['person', 'animal', 'vehicle', 'furniture', 'object'].includes(name),
}));

const BY_NAME = new Map(TABLE.map(([name], id) => [name, id]));

/** Id of a fine class by name; throws RangeError for a name that is not in the table (a bug in a scene). */
export function classId(name: string): number {
  const id = BY_NAME.get(name);
  if (id === undefined) throw new RangeError(`class ${JSON.stringify(name)} is not in the world's table`);
  return id;
}
