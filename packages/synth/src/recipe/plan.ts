import { SextantError, type Modality } from '@sextant/core';
import { Lens, checkWishes } from '@sextant/world';
import type { PlaceName, PlumbBob, Rig, WorldWishes } from '@sextant/world';
import { parseThresholds, type Threshold } from '../check/thresholds.js';
import type { Recipe } from './schema.js';
import { recipeError, seedBlocks, tellTogether } from './seeds.js';
import { Shares } from './shares.js';

/** One clip of a data set, before it is made. */
export interface PlannedClip {
  /** 0-based, over the whole data set. */
  readonly index: number;
  readonly split: string;
  /** Its folder, relative to the data set's: `train/000012`. */
  readonly path: string;
  /** The seeds it may use, in order. */
  readonly seeds: readonly number[];
  readonly wishes: WorldWishes;
  readonly fovDegrees?: number;
}

/** What is shared out, in the order in which it is. */
const SHARED = ['place', 'rig', 'people', 'light', 'animals'] as const;
type Shared = (typeof SHARED)[number];

/** Step of the recurrence frac(n * step) that fields of view are spread by, and where it begins in the next split: the golden ratio's fraction. */
const GOLDEN = 0.618033988749895;
/** The widest field of view that a seed draws where the recipe does not say. */
const WIDEST = 110;

/** The folder of a data set's COCO files; disks of some systems do not tell capitals apart. */
const ANNOTATIONS = 'annotations';

/** The split of a recipe that names none. */
const ALL = 'all';

/**
 * Checks what the parts of a recipe say of each other.
 * @throws SextantError `bad-config`: all mistakes by lines, `details.mistakes` their keys and problems, `details.key` the first key.
 */
export function checkRecipe(recipe: Recipe): void {
  tellTogether([
    () => checkSplits(recipe), () => checkSource(recipe), () => checkFov(recipe), () => checkLens(recipe), () => checkTimes(recipe, 'readoutMs'), () => checkTimes(recipe, 'exposureMs'), () => checkBounds(recipe),
    ...SHARED.map((name) => () => checkShares(recipe, name)), () => seedBlocks(recipe),
  ]);
}

/**
 * Plans the clips of a recipe. Splits have their shares of every first n clips to within one clip; so have places, rigs, people, light and
 * animals within a split, where nothing keeps them apart (a webcam is not found in a street). The same recipe, the same plan.
 * @throws SextantError as `checkRecipe`. What shares do not go together is told after the rest.
 */
export function planClips(recipe: Recipe): PlannedClip[] {
  checkRecipe(recipe);
  const { splits } = recipe;
  const weights = hasOwnSeeds(recipe) ? undefined : (splits as Readonly<Record<string, number>> | undefined) ?? { [ALL]: 1 };
  const blocks = seedBlocks(recipe);
  const order = weights ? Object.keys(weights) : blocks.map(({ split }) => split);
  const counts = new Map<string, number>();
  const shares = new Shares();
  const plan: PlannedClip[] = [];
  for (const block of blocks) {
    for (let i = 0; i < block.clips; i += 1) {
      const index = plan.length;
      const split = weights ? mostWanting(weights, counts, index) : block.split;
      const n = counts.get(split) ?? 0;
      counts.set(split, n + 1);
      const folder = recipe.layout === 'flat' ? 'clips' : split;
      const fov = recipe.fov === undefined ? undefined : typeof recipe.fov === 'number' ? recipe.fov : recipe.fov[0] + (recipe.fov[1] - recipe.fov[0]) * fraction((n + 1 + order.indexOf(split)) * GOLDEN);
      plan.push({ index, split, path: `${folder}/${String(index).padStart(6, '0')}`, seeds: block.seedsOf(i), wishes: wishesOf(recipe, split, shares), ...(fov !== undefined && { fovDegrees: fov }) });
    }
  }
  return plan;
}

/** The thresholds of a recipe's check. @throws SextantError `bad-config`. */
export function recipeThresholds({ check }: Recipe): Threshold[] {
  try {
    return parseThresholds(Object.entries(check?.reject ?? {}).map(([name, bound]) => `${name}=${bound}`));
  } catch (error) {
    throw asRecipeError('check.reject', error);
  }
}

/** What a check compares: what painting was told, or the labels of a rendered world; no flow where there is one frame, since nothing has moved. */
export function comparedModalities({ source, generate, modalities, frames }: Recipe): readonly Modality[] {
  const all = source === 'generate' ? generate!.conditions : modalities;
  return frames < 2 ? all.filter((m) => m !== 'flow') : all;
}

/** Whether the splits have clips and seeds of their own. */
const hasOwnSeeds = ({ splits = {} }: Recipe): boolean => Object.values(splits).some((split) => typeof split !== 'number');

function checkSplits(recipe: Recipe): void {
  const { splits, clips, seeds } = recipe;
  const own = hasOwnSeeds(recipe);
  const taken = recipe.layout === 'split' ? Object.keys(splits ?? {}).find((name) => name.toLowerCase() === ANNOTATIONS) : undefined;
  if (taken !== undefined) throw recipeError(`splits.${taken}`, `is the folder of the COCO files, not one for clips`, 'Name the split otherwise, or say layout: flat.');
  const shares = Object.entries(splits ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  if (own && shares.length > 0) throw recipeError('splits', 'some are shares, some have seeds of their own', 'Write all splits one way.');
  if (own && (clips !== undefined || seeds !== undefined)) throw recipeError(clips === undefined ? 'seeds' : 'clips', 'is said twice: the splits have clips and seeds of their own', 'Leave it out, or write the splits as shares.');
  if (!own && clips === undefined) throw recipeError('clips', 'is missing', 'Say how many clips there are to be: clips: 100.');
  if (!own && splits && !(sum(Object.fromEntries(shares)) > 0)) throw recipeError('splits', 'all shares are 0', 'Give at least one split a share above 0.');
}

function checkSource({ source, generate }: Recipe): void {
  if (source === 'generate' && generate === undefined) throw recipeError('source', 'is generate, and nothing says how', 'Add generate: with at least the model.');
  if (source === 'world' && generate !== undefined) throw recipeError('generate', 'is not used: the source is world', 'Say source: generate, or leave it out.');
}

function checkFov({ fov }: Recipe): void {
  if (Array.isArray(fov) && fov[0] > fov[1]) throw recipeError('fov', `the range ${fov[0]} to ${fov[1]} is empty`, 'Give the least first.');
}

/** What is wrong with the shares of one thing by themselves; what does not go together is found while they are drawn. */
function checkShares({ shares }: Recipe, name: Shared): void {
  const given: Readonly<Partial<Record<string, number>>> | undefined = shares[name];
  if (given === undefined) return;
  if (!(sum(given) > 0)) throw recipeError(`shares.${name}`, 'all shares are 0', 'Give at least one a share above 0.');
  if (name === 'people') for (const key of Object.keys(given)) if (given[key]! > 0) goes(READ.people(key), undefined);
}

function checkBounds(recipe: Recipe): void {
  const { source, generate, check, frames } = recipe;
  if (source === 'generate' && generate === undefined) return; // nothing says what is compared: told by checkSource
  const compared = comparedModalities(recipe);
  const bounds = recipeThresholds(recipe);
  if (frames < 2) {
    const asksForFlow = source === 'generate' && generate!.conditions.includes('flow') ? 'generate.conditions' : bounds.some(({ modality }) => modality === 'flow') ? 'check.reject' : undefined;
    if (asksForFlow !== undefined) throw recipeError(asksForFlow, `asks for flow, which a clip of ${frames} frame has not`, 'Ask for at least 2 frames, or leave flow out.');
  }
  const other = bounds.find(({ modality }) => !compared.includes(modality));
  if (other) throw recipeError('check.reject', `${other.modality} is not among what is compared: ${compared.join(', ')}`, source === 'generate' ? 'Bound a modality of generate.conditions.' : 'Bound a modality of modalities.');
  if (check && Object.keys(check.reject).length === 0) throw recipeError('check.reject', 'bounds nothing', 'Give for example depth: 0.3.');
}

/** Refuses a lens that folds the widest picture of the recipe. */
function checkLens({ sensor, fov = WIDEST, size: { width, height } }: Recipe): void {
  if (typeof sensor === 'string' || !Array.isArray(sensor.lens)) return;
  const widest = typeof fov === 'number' ? fov : fov[1];
  const f = width / 2 / Math.tan((widest * Math.PI) / 360);
  try {
    new Lens({ width, height, fx: f, fy: f, cx: (width - 1) / 2, cy: (height - 1) / 2 }, sensor.lens as unknown as PlumbBob);
  } catch (error) {
    throw SextantError.isInstance(error) ? recipeError('sensor.lens', `${error.message} at ${widest} degrees`, 'Give a weaker lens, or a narrower fov.') : error;
  }
}

/** Refuses a sensor that is not done with a frame when the next one comes. */
function checkTimes({ sensor, fps }: Recipe, name: 'readoutMs' | 'exposureMs'): void {
  const most = 1000 / fps;
  // What is rounded to the microsecond, as it is told here, may be above by half of one.
  if (typeof sensor === 'string' || (sensor[name] ?? 0) <= most + 0.0005) return;
  throw recipeError(`sensor.${name}`, `${sensor[name]} is longer than a frame at ${fps} fps, ${Number(most.toFixed(3))} ms`, 'Give at most 1000 / fps, or a lower fps.');
}

/** The split that is farthest behind its share when clip `index` comes; the first of equals. */
function mostWanting(weights: Readonly<Record<string, number>>, counts: ReadonlyMap<string, number>, index: number): string {
  const total = sum(weights);
  let best = '', most = -Infinity;
  for (const [name, weight] of Object.entries(weights)) {
    const behind = (weight / total) * (index + 1) - (counts.get(name) ?? 0);
    if (weight > 0 && behind > most + 1e-9) [best, most] = [name, behind];
  }
  return best;
}

function wishesOf({ shares, scene }: Recipe, split: string, drawn: Shares): WorldWishes {
  let wishes: WorldWishes = {};
  for (const name of SHARED) {
    const given: Readonly<Partial<Record<string, number>>> | undefined = shares[name];
    if (given === undefined) continue;
    // What does not go with what is wished for already leaves its share to the rest, and gets it back where it does.
    const fitting = Object.keys(given).filter((key) => given[key]! > 0 && goes({ ...wishes, ...READ[name](key) }, scene));
    if (fitting.length === 0) throw recipeError(`shares.${name}`, `none of ${Object.keys(given).join(', ')} goes with ${JSON.stringify(scene === undefined ? wishes : { scene, ...wishes })}`, 'Add one that does, or share out something else.');
    wishes = { ...wishes, ...READ[name](drawn.draw(`${split}/${name}`, given, fitting)) };
  }
  return wishes;
}

/** What a key of the shares wishes for. */
const READ: Readonly<Record<Shared, (key: string) => WorldWishes>> = {
  place: (key) => ({ place: key as PlaceName }), rig: (key) => ({ rig: key as Rig }), people: (key) => ({ people: readPeople(key) }),
  light: (key) => ({ light: key as 'day' | 'night' }), animals: (key) => ({ animals: key === 'some' }),
};

function readPeople(key: string): readonly [number, number] {
  const [least, most = least] = key.split('-').map(Number);
  return [least, most];
}

/** Whether wishes can be met by any seed. What is wrong by itself (people: 3-1) is an error of the recipe. */
function goes(wishes: WorldWishes, scene: Recipe['scene']): boolean {
  try {
    checkWishes(wishes, scene);
    return true;
  } catch (error) {
    if (wishes.people && !(wishes.people[0] <= wishes.people[1] && wishes.people[1] <= 40)) throw asRecipeError('shares.people', error);
    return false;
  }
}

function asRecipeError(key: string, error: unknown): unknown {
  return SextantError.isInstance(error) ? recipeError(key, error.message, error.hint) : error;
}

const sum = (weights: Readonly<Partial<Record<string, number>>>): number => Object.values(weights).reduce<number>((all, weight = 0) => all + weight, 0);
const fraction = (x: number): number => x - Math.floor(x);
