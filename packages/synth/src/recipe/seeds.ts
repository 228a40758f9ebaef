import { SextantError } from '@sextant/core';
import type { Recipe, SeedSource } from './schema.js';

/** Seeds below this are kept for evaluation: `sextant eval` uses 0 to 199, training never renders one of them. */
export const FIRST_FREE_SEED = 1_000_000;
const MOST_SEED = 0xffff_ffff;

/** A mistake in a recipe: `details.key` is the key that is wrong. */
export function recipeError(key: string, problem: string, hint: string): SextantError {
  return new SextantError('bad-config', `${key}: ${problem}`, { hint, details: { key, problem } });
}

/**
 * Makes all checks, each of which throws at most one mistake, and tells the mistakes together.
 * @throws SextantError `bad-config`: `details.mistakes` are all of them, `details.key` the first one's.
 */
export function tellTogether(checks: readonly (() => unknown)[]): void {
  const errors = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (!SextantError.isInstance(error) || typeof error.details.key !== 'string') throw error;
      return [error];
    }
  });
  if (errors.length === 0) return;
  const mistakes = errors.map(({ details: { key, problem } }) => ({ key: key as string, problem: problem as string }));
  throw new SextantError('bad-config', errors.map(({ message }) => message).join('\n'), { hint: [...new Set(errors.map(({ hint }) => hint))].join(' '), details: { ...mistakes[0], mistakes } });
}

/** A part of a data set with seeds of its own. */
export interface SeedBlocks {
  /** The split's name, '' where the data set has one source of seeds. */
  readonly split: string;
  /** The key of the recipe that says so. */
  readonly key: string;
  readonly clips: number;
  /** The seeds that a clip of this part may use, in order; the first that does is the clip's. */
  seedsOf(clip: number): number[];
}

/**
 * Gives every clip seeds of its own: clip i of a source takes `tries` seeds from i * tries on, so that a clip does not depend
 * on what became of the others, and a longer data set begins with the shorter one.
 * @throws SextantError `bad-config` for too few seeds, one seed twice, or one that is kept for evaluation.
 */
export function seedBlocks(recipe: Recipe): SeedBlocks[] {
  const own = Object.entries(recipe.splits ?? {}).flatMap(([split, given]) => (typeof given === 'number' ? [] : [{ split, key: `splits.${split}.seeds`, clips: given.clips, source: given.seeds }]));
  const sources = own.length > 0 ? own : [{ split: '', key: 'seeds', clips: recipe.clips ?? 0, source: recipe.seeds }];
  const used: Span[] = [];
  const blocks = sources.map(({ split, key, clips, source }): SeedBlocks => {
    if (source === undefined) throw recipeError('seeds', 'is missing', `Give a first seed from ${FIRST_FREE_SEED} on: seeds: 2000000.`);
    const { list, tries } = room(source, key, clips, recipe.tries);
    const spans = list ?? [{ from: source.first, to: source.first + clips * tries - 1 }];
    checkEvaluation(recipe, split, key, spans);
    for (const span of spans) used.push({ ...span, key });
    return { split, key, clips, seedsOf: (clip) => Array.from({ length: tries }, (_, n) => (list ? list[clip * tries + n].from : source.first + clip * tries + n)) };
  });
  checkTwice(used);
  return blocks;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

/** How many tries a clip has: as many as asked for, or as the seeds give. */
function room({ first, last, list }: SeedSource, key: string, clips: number, wanted: number): { list?: Omit<Span, 'key'>[]; tries: number } {
  if (list === undefined && last === undefined) {
    if (first + clips * wanted - 1 > MOST_SEED) throw recipeError(key, `${clips} clips of ${wanted} tries from ${first} on go beyond the last seed, ${MOST_SEED}`, 'Begin at a smaller seed.');
    return { tries: wanted };
  }
  const there = list?.length ?? last! - first + 1;
  if (there < clips) throw recipeError(key, `${Math.max(0, there)} seeds for ${clips} clips`, 'Give at least one seed for each clip; more of them are tried where one does not do.');
  return { ...(list && { list: list.map((from) => ({ from, to: from })) }), tries: Math.min(wanted, Math.floor(there / clips)) };
}

/** Refuses a seed that two spans have. By order of seeds: a list may have hundreds of thousands. */
function checkTwice(spans: readonly Span[]): void {
  let before: Span | undefined;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (before && span.from <= before.to) {
      throw recipeError(span.key, `seed ${span.from} is used twice: ${before.key === span.key ? 'it is in the list again' : `by ${before.key} too`}`, 'Give each split seeds of its own: the same world in two splits is a leak.');
    }
    before = span;
  }
}

function checkEvaluation({ evaluation, splits = {} }: Recipe, split: string, key: string, spans: readonly Omit<Span, 'key'>[]): void {
  const kept = spans.find(({ from }) => from < FIRST_FREE_SEED);
  if (kept && !evaluation) {
    throw recipeError(key, `seed ${kept.from} is kept for evaluation (all below ${FIRST_FREE_SEED} are)`, `Begin at ${FIRST_FREE_SEED} or above, or say evaluation: true if nothing will ever be trained on this data set.`);
  }
  const training = (split === '' ? Object.keys(splits) : [split]).find((name) => /^train/i.test(name));
  if (kept && training !== undefined) throw recipeError(key, `seed ${kept.from} is kept for evaluation, and ${training} is not for that`, `Begin at ${FIRST_FREE_SEED} or above.`);
}
