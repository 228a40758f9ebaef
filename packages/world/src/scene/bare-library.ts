import { createProceduralPerson } from '../people/procedural/person.js';
import type { ModelLibrary } from './library.js';

/** A library of people and nothing else: no objects, plain grey textures, a clear sky. Its scenes consist of rooms and blocks. */
export function createBareLibrary(): ModelLibrary {
  const grey = { width: 1, height: 1, rgba: Uint8Array.of(200, 198, 195, 255) };
  return {
    name: 'bare',
    object: () => undefined,
    person: createProceduralPerson,
    texture: () => grey,
    sky: (rng) => ({ kind: 'gradient', zenith: [0.25, 0.45, 0.85], horizon: [0.7, 0.8, 0.9], ground: [0.35, 0.33, 0.3], clouds: rng.unit() }),
  };
}
