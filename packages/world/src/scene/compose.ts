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

/** Scene makers by kind, repeated by weight. Appending changes what every seed shows. */
const INDOOR: readonly SceneMaker[] = [livingRoom, livingRoom, bedroom, kitchen, kitchen, bathroom, office, office, corridor, warehouse, warehouse, shop];
const OUTDOOR: readonly SceneMaker[] = [street, street, street, yard, yard, yard, square, square, countryRoad, countryRoad, countryRoad, plain];

export interface Composition {
  readonly builder: SceneBuilder;
  readonly place: Place;
  /** The rig the draw asks for (a portrait, a tabletop), if any; others are taken where it finds no place. */
  readonly rig?: Rig;
}

/** Composes a scene. People are wanted in 80 of 100 (some stay out of view), one of them large in view in about 30. */
export function compose(rng: Rng, library: ModelLibrary, kind: SceneKind): Composition {
  const builder = new SceneBuilder(rng.fork('scene'), library);
  const draw = rng.fork('brief');
  const populated = draw.chance(0.8);
  // Small groups are the rule, crowds the exception.
  const people = populated ? (draw.chance(0.65) ? draw.int(1, 3) : draw.int(3, 8)) : 0;
  const place = draw.pick(kind === 'indoor' ? INDOOR : OUTDOOR)(builder, { people });
  const rig = populated && draw.chance(0.36) ? 'portrait' : kind === 'indoor' && draw.chance(0.28) ? 'tabletop' : undefined;
  return { builder, place, ...(rig ? { rig } : {}) };
}
