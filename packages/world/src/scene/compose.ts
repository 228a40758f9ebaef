import type { Rng } from '../math/rng.js';
import type { SceneKind } from '../types.js';
import { SceneBuilder } from './builder.js';
import type { ModelLibrary } from './library.js';
import type { Place, Rig, SceneMaker } from './place.js';
import { bathroom } from './indoor/bathroom.js';
import { bedroom } from './indoor/bedroom.js';
import { corridor } from './indoor/corridor.js';
import { kitchen } from './indoor/kitchen.js';
import { livingRoom } from './indoor/living-room.js';
import { office } from './indoor/office.js';
import { shop } from './indoor/shop.js';
import { warehouse } from './indoor/warehouse.js';
import { countryRoad } from './outdoor/country-road.js';
import { plain } from './outdoor/plain.js';
import { square } from './outdoor/square.js';
import { street } from './outdoor/street.js';
import { yard } from './outdoor/yard.js';
import { addAnimals } from './wildlife.js';
import { OF_PEOPLE, type PlaceName, type WorldWishes } from './wishes.js';

/** Scene makers by kind, repeated by weight. Appending changes what every seed shows. */
const INDOOR: readonly SceneMaker[] = [livingRoom, livingRoom, bedroom, kitchen, kitchen, bathroom, office, office, corridor, warehouse, warehouse, shop];
const OUTDOOR: readonly SceneMaker[] = [street, street, street, yard, yard, yard, square, square, countryRoad, countryRoad, plain, plain];

/** Where people sit before webcams. */
const DESKS: readonly SceneMaker[] = [livingRoom, bedroom, bedroom, kitchen, office, office];

/** The maker of each place; some make either of two. */
const MAKERS: Readonly<Record<PlaceName, SceneMaker>> = {
  'living room': livingRoom, bedroom, kitchen, bathroom, office, corridor, warehouse, workshop: warehouse, shop,
  street, square, garden: yard, park: yard, 'country road': countryRoad, beach: plain, 'open plain': plain,
};
/** Most people that a place is asked for one by one; more are a crowd. */
const NO_CROWD = 8;

export interface Composition {
  readonly builder: SceneBuilder;
  readonly place: Place;
  /** The rig the draw asks for (a portrait, a tabletop), if any; others are taken where it finds no place. */
  readonly rig?: Rig;
}

/** Composes a scene. People are wanted in 86 of 100 (some stay out of view), one of them large in view in about 40; animals in about 30. */
export function compose(rng: Rng, library: ModelLibrary, kind: SceneKind): Composition {
  const builder = new SceneBuilder(rng.fork('scene'), library);
  const draw = rng.fork('brief');
  const populated = draw.chance(0.86);
  // Small groups are the rule, crowds the exception.
  const people = populated ? (draw.chance(0.6) ? draw.int(1, 3) : draw.int(3, 8)) : 0;
  const webcam = populated && kind === 'indoor' && draw.chance(0.22);
  const crowd = populated && !webcam && draw.chance(0.07) ? draw.int(10, 32) : 0;
  const maker = draw.pick(kind === 'outdoor' ? OUTDOOR : webcam ? DESKS : INDOOR);
  const place = maker(builder, { people: webcam ? Math.min(people, 3) : people, crowd, webcam });
  const animals = draw.chance(kind === 'indoor' ? 0.25 : 0.38) && addAnimals(builder, place) > 0;
  const rig = drawRig(draw, builder, { kind, populated, animals });
  return { builder, place, ...(rig ? { rig } : {}) };
}

/**
 * Composes a scene as `compose` does, turned towards wishes. It may still miss them (garden and park are one maker, night and
 * animals are the place's own draws): the caller looks and composes again.
 */
export function composeWished(rng: Rng, library: ModelLibrary, kind: SceneKind, wishes: WorldWishes): Composition {
  const builder = new SceneBuilder(rng.fork('scene'), library);
  const draw = rng.fork('brief');
  const needed = wishes.rig && OF_PEOPLE.has(wishes.rig) ? 1 : 0;
  const ordinary = draw.chance(0.86) ? (draw.chance(0.6) ? draw.int(1, 3) : draw.int(3, 8)) : 0;
  const wanted = Math.max(needed, wishes.people ? draw.int(...wishes.people) : ordinary);
  const webcam = wishes.rig === 'webcam';
  const maker = wishes.place ? MAKERS[wishes.place] : draw.pick(kind === 'outdoor' ? OUTDOOR : webcam ? DESKS : INDOOR);
  const place = maker(builder, { people: Math.min(wanted, NO_CROWD), crowd: Math.max(0, wanted - NO_CROWD), webcam });
  const likely = kind === 'indoor' ? 0.25 : 0.38;
  const animals = (wishes.animals ?? (wishes.rig === 'animal' || draw.chance(likely))) && addAnimals(builder, place) > 0;
  const rig = wishes.rig ?? drawRig(draw, builder, { kind, populated: wanted > 0, animals });
  return { builder, place, ...(rig ? { rig } : {}) };
}

/** What the camera is drawn for, where it is not just somewhere. */
function drawRig(draw: Rng, { focuses }: SceneBuilder, { kind, populated, animals }: { kind: SceneKind; populated: boolean; animals: boolean }): Rig | undefined {
  if (focuses.some((focus) => focus.kind === 'webcam') && draw.chance(0.75)) return 'webcam';
  if (animals && draw.chance(0.85)) return 'animal';
  if (populated && draw.chance(0.46)) return 'portrait';
  if (kind === 'indoor') return draw.chance(0.3) ? 'tabletop' : undefined;
  return draw.chance(0.4) && focuses.some((focus) => focus.kind === 'roadside') ? 'roadside' : undefined;
}
