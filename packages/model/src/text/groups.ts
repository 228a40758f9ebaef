import type { SegmentationClass } from '@sextant/core';

/** Words for countable things of any kind, as UnityVideo's own example has them ("two objects", arXiv 2512.07831). */
const ANY = new Set(['object', 'thing', 'item']);

/** Many kinds of things under one word: "furniture", "vehicles", "objects". */
export interface Group {
  readonly name: string;
  /** Ids of the classes that belong to it. */
  readonly classes: readonly number[];
}

/**
 * The group that a word names: a superset of the model's classes, in singular or plural, or things of any kind, which are all countable classes but people. `undefined`
 * for other words, and for supersets of a single class, which its own name finds. Surfaces that have a class of that name are that class.
 */
export function groupOf(word: string, classes: readonly SegmentationClass[]): Group | undefined {
  const forms = [word, word.replace(/s$/, ''), word.replace(/ies$/, 'y')];
  // A ground is asked for by its own name: "the road" is not the pavement, though both are of the superset road. "Animals" are all of them.
  if (classes.some(({ name, thing }) => !thing && forms.includes(name))) return undefined;
  const any = forms.some((form) => ANY.has(form));
  const members = any
    ? classes.filter(({ thing, name, superset }) => thing && name !== 'person' && superset?.name !== 'person')
    : classes.filter(({ superset }) => superset !== undefined && forms.includes(superset.name));
  return members.length > (any ? 0 : 1) ? { name: word, classes: members.map(({ id }) => id) } : undefined;
}
