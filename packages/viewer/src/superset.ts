/** A group of classes with a colour of its own. */
export interface Superset {
  readonly name: string;
  /** sRGB 0..255, apart in the common colour-vision deficiencies. */
  readonly color: readonly [number, number, number];
}

/** The supersets of `@sextant/world` with their classes, by name: models number their classes as they like. */
const TABLE: readonly (readonly [name: string, color: Superset['color'], classes: string])[] = [
  ['person', [230, 60, 60], 'person'],
  ['animal', [240, 170, 40], 'dog, cat, horse, cow, sheep, bird, animal'],
  ['vehicle', [60, 90, 230], 'car, truck, bus, motorcycle, bicycle, boat'],
  ['furniture', [160, 90, 200], 'chair, couch, bed, table, cabinet, shelf, bench, toilet, sink, bathtub'],
  ['object', [240, 120, 190], 'lamp, tv, laptop, appliance, book, bottle, cup, bowl, vase, clock, bag, box, ball, toy, tool, food, trash can, object'],
  ['vegetation', [40, 150, 60], 'potted plant, tree, bush'],
  ['building', [130, 110, 100], 'building'],
  ['wall', [190, 180, 160], 'wall'],
  ['floor', [150, 120, 80], 'floor'],
  ['ceiling', [220, 220, 230], 'ceiling'],
  ['road', [110, 110, 120], 'road, sidewalk'],
  ['terrain', [120, 170, 70], 'grass, ground, rock, water'],
  ['sky', [120, 190, 240], 'sky'],
  ['opening', [90, 200, 190], 'window, door, curtain, picture'],
  ['structure', [250, 230, 90], 'pole, fence, sign, traffic light, street light, hydrant, cone'],
];

const OF = new Map(TABLE.flatMap(([name, color, classes]) => classes.split(', ').map((member) => [member, { name, color }] as const)));

/** The superset of a class by its name; none for classes that the table does not know. */
export function supersetOf(className: string): Superset | undefined {
  return OF.get(className);
}
