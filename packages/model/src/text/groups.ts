import { SextantError, type SegmentationClass } from '@sextant/core';

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
  const forms = formsOf(word);
  // A ground is asked for by its own name: "the road" is not the pavement, though both are of the superset road. "Animals" are all of them.
  if (classes.some(({ name, thing }) => !thing && forms.includes(name))) return undefined;
  const any = forms.some((form) => ANY.has(form));
  const members = any
    ? classes.filter(({ thing, name, superset }) => thing && name !== 'person' && superset?.name !== 'person')
    : classes.filter(({ superset }) => superset !== undefined && forms.includes(superset.name));
  return members.length > (any ? 0 : 1) ? { name: word, classes: members.map(({ id }) => id) } : undefined;
}

/**
 * What several words name together, one of them at least a group: "furniture and vehicles", "people and animals". `undefined` where none is a group: the network is told them all.
 * @param phrase what errors call the whole
 * @throws SextantError `bad-argument` for a word beside a group that is neither a group nor a class: it would not be looked for.
 */
export function groupsOf(words: readonly string[], classes: readonly SegmentationClass[], phrase: string): Group | undefined {
  const groups = words.map((word) => groupOf(word, classes));
  if (groups.every((group) => group === undefined)) return undefined;
  const ids = words.flatMap((word, i) => {
    const found = groups[i]?.classes ?? classes.filter(({ name }) => [...formsOf(word), ...(word === 'people' ? ['person'] : [])].includes(name)).map(({ id }) => id);
    if (found.length > 0) return found;
    throw new SextantError('bad-argument', `the phrase "${phrase}" names kinds of things and beside them "${word}", which is no class of the model`, {
      hint: 'Ask for kinds of things ("furniture") and for what is no class by phrases of their own.', details: { phrase, word },
    });
  });
  return { name: words.join(' and '), classes: [...new Set(ids)].sort((a, b) => a - b) };
}

/** A word and what it may be the plural of. */
function formsOf(word: string): readonly string[] {
  return [word, word.replace(/s$/, ''), word.replace(/ies$/, 'y')];
}
