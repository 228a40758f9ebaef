import { createProceduralPerson } from '../people/procedural/person.js';
import type { ModelLibrary } from '../scene/library.js';
import { GENERATORS, KINDS } from './registry.js';
import { gradientSky } from './skies.js';
import { anyTexture } from './textures/pool.js';

/**
 * The library that needs no files: every object, person, texture and sky is computed from the rng. `object` takes a fine
 * class (a random kind of it) or one kind by name, such as 'office chair' or 'fridge' (see registry.ts); undefined for
 * classes that are surfaces of the scene itself (wall, floor, road).
 */
export function createProceduralLibrary(): ModelLibrary {
  return {
    name: 'procedural',
    object(rng, className) {
      const family = GENERATORS[className];
      const make = family ? rng.pick(family)[1] : KINDS.get(className);
      return make?.(rng);
    },
    person: (rng, instanceId, activity) => createProceduralPerson(rng, instanceId, activity),
    texture: (rng, category) => anyTexture(rng, category),
    sky: (rng) => gradientSky(rng),
  };
}
