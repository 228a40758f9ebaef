import type { SegmentationClass, Superset } from '@sextant/core';
import { CLASSES, SUPERSET_CLASSES, SUPERSET_OF } from '@sextant/world';

/** Supersets of the world's classes by the class's name: models number their classes as they like. Background is in none. */
const KNOWN: ReadonlyMap<string, Superset> = new Map(CLASSES.slice(1).map(({ id, name }) => {
  const { name: group, color } = SUPERSET_CLASSES[SUPERSET_OF[id]];
  return [name, { name: group, color }];
}));

/** Classes with their supersets: as the model's manifest gives them, else those of the world's classes of the same name. */
export function withSupersets(classes: readonly SegmentationClass[]): readonly SegmentationClass[] {
  return classes.map((one) => {
    const superset = one.superset ?? KNOWN.get(one.name);
    return superset === undefined ? one : { ...one, superset };
  });
}
