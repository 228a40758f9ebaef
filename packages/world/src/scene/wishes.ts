import { SextantError } from '@sextant/core';
import { classId } from '../classes.js';
import type { SceneKind } from '../types.js';
import type { Composition } from './compose.js';
import type { Look } from './look.js';
import type { Rig } from './place.js';

/** The kinds of place a world can be; a caption begins with one of them. */
export const PLACES = [
  'living room', 'bedroom', 'kitchen', 'bathroom', 'office', 'corridor', 'warehouse', 'workshop', 'shop',
  'street', 'square', 'garden', 'park', 'country road', 'beach', 'open plain',
] as const;
/** One of `PLACES`. */
export type PlaceName = (typeof PLACES)[number];

/** What a camera can be carried by or drawn for. */
export const RIGS = ['robot', 'hand', 'head', 'car', 'ceiling', 'tabletop', 'portrait', 'webcam', 'animal', 'roadside', 'selfie'] as const satisfies readonly Rig[];

/**
 * What a world shall be like, where the seed is not to decide. The seed goes on composing places and drawing cameras until
 * all wishes are met; one that cannot meet them is an error, never a world without them.
 */
export interface WorldWishes {
  readonly place?: PlaceName;
  /** What carries the camera, or what it was drawn for. */
  readonly rig?: Rig;
  /**
   * Least and most people, 0..40: at least so many in view near the start (each on 0.15 % of the picture or more, by a 40x30 trial
   * rendering at 0.4 s), no more than the most in the whole world, at any time.
   */
  readonly people?: readonly [least: number, most: number];
  /** Night: dark outdoors, windows dark and lamps on indoors. */
  readonly light?: 'day' | 'night';
  /** True: at least one animal in view near the start (0.2 % of the picture). False: none in the whole world. */
  readonly animals?: boolean;
}

/** A part of `WorldWishes`. */
export type WishName = keyof WorldWishes;

/** What can be wished for. */
const WISHES = ['place', 'rig', 'people', 'light', 'animals'] as const satisfies readonly WishName[];
/** Most people that can be wished for. */
const MOST_PEOPLE = 40;
const ANIMALS: ReadonlySet<number> = new Set(['dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal'].map(classId));
const OUTDOOR: ReadonlySet<PlaceName> = new Set(['street', 'square', 'garden', 'park', 'country road', 'beach', 'open plain']);
/** Rigs that only some places have. */
const RIG_PLACES: Readonly<Partial<Record<Rig, readonly PlaceName[]>>> = {
  car: ['street', 'country road'], webcam: ['living room', 'bedroom', 'kitchen', 'office'], roadside: PLACES.filter((place) => OUTDOOR.has(place)),
};
/** Rigs that somebody stands or sits before. */
export const OF_PEOPLE: ReadonlySet<Rig> = new Set(['portrait', 'webcam', 'selfie']);
/** Shares of a picture from which somebody or an animal counts as seen. */
const SEEN_PERSON = 0.0015;
const SEEN_ANIMAL = 0.002;

/** Indoors or outdoors, where the wishes leave only one. */
export function kindOf({ place, rig }: WorldWishes): SceneKind | undefined {
  if (place !== undefined) return OUTDOOR.has(place) ? 'outdoor' : 'indoor';
  const places = rig && RIG_PLACES[rig];
  return places && (OUTDOOR.has(places[0]) ? 'outdoor' : 'indoor');
}

/**
 * Refuses wishes that no seed can meet, and what is none.
 * @throws SextantError `bad-argument`, which names the value.
 */
export function checkWishes(wishes: WorldWishes, scene: SceneKind | undefined): void {
  const { place, rig, people, light, animals } = wishes;
  const refuse = (message: string, hint: string): never => {
    throw new SextantError('bad-argument', message, { hint, details: { wishes, scene } });
  };
  const known = (name: string, value: unknown, all: readonly unknown[]): void => {
    if (value !== undefined && !all.includes(value)) refuse(`the wished ${name} is ${JSON.stringify(value)}`, `Give one of ${all.join(', ')}.`);
  };
  for (const name of Object.keys(wishes)) if (!(WISHES as readonly string[]).includes(name)) refuse(`a wish is named ${JSON.stringify(name)}`, `Wishes are ${WISHES.join(', ')}.`);
  known('place', place, PLACES);
  known('rig', rig, RIGS);
  known('light', light, ['day', 'night']);
  known('animals', animals, [true, false]);
  if (people !== undefined) {
    if (!Array.isArray(people) || people.length !== 2 || !people.every((bound) => typeof bound === 'number')) refuse(`the wished people are ${JSON.stringify(people)}`, 'Give two numbers, the least first.');
    const [least, most] = people;
    if (!Number.isInteger(least) || !Number.isInteger(most) || least < 0 || most > MOST_PEOPLE || least > most) {
      refuse(`people are wished from ${least} to ${most}`, `Give whole numbers from 0 to ${MOST_PEOPLE}, the least first.`);
    }
    if (most === 0 && rig !== undefined && OF_PEOPLE.has(rig)) refuse(`a ${rig} camera is wished for, and no people`, 'Wish for people, or for another camera.');
  }
  if (rig === 'animal' && animals === false) refuse('a camera before an animal is wished for, and no animals', 'Wish for animals, or for another camera.');
  const kind = kindOf(wishes);
  const places = rig && RIG_PLACES[rig];
  if (places && place !== undefined && !places.includes(place)) refuse(`a ${rig} camera is wished for in a ${place}`, `It is found in: ${places.join(', ')}.`);
  if (scene !== undefined && kind !== undefined && scene !== kind) refuse(`${place === undefined ? `a ${rig} camera` : `a ${place}`} is wished for, and ${scene}`, 'Leave the kind of scene out, or wish for what it has.');
}

/** Which wishes a composed place does not meet, before a camera stands in it. */
export function unmetByPlace({ builder, place }: Composition, wishes: WorldWishes): WishName[] {
  const unmet: WishName[] = [];
  if (wishes.place !== undefined && !place.words.endsWith(` ${wishes.place}`)) unmet.push('place');
  if (wishes.light !== undefined && wishes.light !== (isNight(place.lighting.words) ? 'night' : 'day')) unmet.push('light');
  if (wishes.people && (builder.people.length > wishes.people[1] || builder.people.length < wishes.people[0])) unmet.push('people');
  if (wishes.animals !== undefined && wishes.animals !== hasAnimals(builder)) unmet.push('animals');
  return unmet;
}

/** Which wishes a camera's view of a place does not meet. */
export function unmetByView({ builder }: Composition, { seen, animalShare }: Look, pixels: number, wishes: WorldWishes): WishName[] {
  const unmet: WishName[] = [];
  if (wishes.people && builder.people.filter(({ actor }) => (seen.get(actor.instanceId)?.[1] ?? 0) > SEEN_PERSON * pixels).length < wishes.people[0]) unmet.push('people');
  if (wishes.animals === true && animalShare < SEEN_ANIMAL) unmet.push('animals');
  return unmet;
}

/** Whether words for light are of the night. */
export function isNight(words: string): boolean {
  return words === 'at night' || words === 'in the evening';
}

/** Whether there is an animal anywhere in a place. */
export function hasAnimals({ statics, movers }: Composition['builder']): boolean {
  return statics.some(({ classId: id }) => ANIMALS.has(id)) || movers.some((mover) => ANIMALS.has(mover.drawable(0, 0).classId));
}

/** The error of a seed that cannot meet its wishes; `unmet` counts how often each was what was missing. */
export function unmetWishes(seed: number, wishes: WorldWishes, unmet: ReadonlyMap<WishName, number>): SextantError {
  const names = [...unmet].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const said = names.map((name) => `${name} ${JSON.stringify(wishes[name])}`).join(', ');
  return new SextantError('unsupported', `the world of seed ${seed} cannot have what is wished for: ${said || 'a camera that finds a place'}`, {
    hint: 'Take another seed, or wish for less.', details: { seed, wishes, unmetWishes: names },
  });
}

/** True for the error of a seed that cannot meet its wishes: another seed may. */
export function isUnmetWish(error: unknown): boolean {
  return SextantError.isInstance(error) && 'unmetWishes' in error.details;
}
