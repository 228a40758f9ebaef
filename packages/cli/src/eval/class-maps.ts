import type { SegmentationClass } from '@sextant/core';
import { VOID_LABEL } from '@sextant/model';
import { CLASSES, SUPERSETS, SUPERSET_OF } from '@sextant/world';

/** Superset id by name, of the fine classes and of the supersets themselves (where both have a name, they agree). */
const SUPERSET_BY_NAME: ReadonlyMap<string, number> = new Map([
  ...SUPERSETS.map((name, id) => [name as string, id] as const), ...CLASSES.map(({ id, name }) => [name, SUPERSET_OF[id]] as const),
]);

/** Whether a model tells apart more than the supersets do: the names in its manifest decide. */
export function isFine(classes: readonly SegmentationClass[]): boolean {
  return classes.some(({ name }) => !(SUPERSETS as readonly string[]).includes(name));
}

/** The superset of each class id of a model (256 entries); `VOID_LABEL` for ids and names that have none. */
export function toSupersets(classes: readonly SegmentationClass[]): Uint8Array {
  const table = new Uint8Array(256).fill(VOID_LABEL);
  for (const { id, name } of classes) table[id] = SUPERSET_BY_NAME.get(name) ?? VOID_LABEL;
  return table;
}

/** The model's class of each fine class of the world: of the same name, else of its superset's; `VOID_LABEL` without either. */
export function fromWorld(classes: readonly SegmentationClass[]): Uint8Array {
  const ids = new Map(classes.map(({ id, name }) => [name, id]));
  return Uint8Array.from(CLASSES, ({ id, name }) => ids.get(name) ?? ids.get(SUPERSETS[SUPERSET_OF[id]]) ?? VOID_LABEL);
}
