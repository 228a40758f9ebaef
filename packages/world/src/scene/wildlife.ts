import type { SceneBuilder } from './builder.js';
import type { Place } from './place.js';

const KINDS = {
  indoor: ['dog', 'dog', 'dog', 'cat', 'cat', 'bird'],
  street: ['dog', 'dog', 'dog', 'cat', 'cat', 'bird', 'bird', 'horse'],
  country: ['dog', 'horse', 'cow', 'sheep', 'animal', 'bird', 'cat', 'cow', 'sheep'],
} as const;

/**
 * One to four animals near the middle of a finished place, walking round where they can and there is room, as things a
 * camera may look for. Returns how many found a place.
 */
export function addAnimals(b: SceneBuilder, place: Place): number {
  const { rng } = b;
  const { bounds } = place;
  const indoor = place.kind === 'indoor';
  const built = /street|square/.test(place.words);
  const className = rng.pick(indoor ? KINDS.indoor : built ? KINDS.street : KINDS.country);
  const wanted = className === 'bird' ? rng.int(3, 6) : indoor || className === 'dog' || className === 'cat' ? rng.int(1, 2) : rng.int(1, 4);
  const reach = indoor ? 0.85 : 0.5;
  let done = 0;
  for (let i = 0; i < wanted; i++) {
    const model = b.pick(className, indoor ? { maxLength: 1.3, maxHeight: 0.9 } : {});
    if (!model) continue;
    for (let attempt = 0; attempt < 20; attempt++) {
      const x = rng.range(bounds.minX, bounds.maxX) * reach, y = rng.range(bounds.minY, bounds.maxY) * reach;
      // The later, the smaller the round it walks.
      const radius = (indoor ? rng.range(0.25, 0.7) : rng.range(0.5, 2.2)) * (attempt < 7 ? 1 : 0.5);
      const z = place.words === 'a street' && Math.abs(y) > bounds.maxY - 1.5 ? 0.12 : 0;
      // Where there is no room for a round it stands, sits or lies about, if only just.
      const there = attempt < 9 ? b.animal(model, className, x, y, radius, z) : b.animalAt(model, className, x, y, z);
      if (!there) continue;
      done++;
      break;
    }
  }
  return done;
}
