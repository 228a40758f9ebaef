import type { Rng } from '../math/rng.js';
import { createMakeHumanPerson } from '../people/makehuman/person.js';
import { loadPeople as loadMakeHuman } from '../people/makehuman/load.js';
import type { Activity, ModelLibrary, PersonActor } from '../scene/library.js';
import type { AssetEntry } from './index-file.js';
import { decodePicture } from './picture.js';

export interface PeopleSource {
  person(rng: Rng, instanceId: number, activity: Activity): PersonActor;
}

/**
 * People of an asset folder: rigged MakeHuman bodies, now and then a static scan (for those who stand) or a procedural
 * body; procedural bodies alone where the folder has no `humans/makehuman`.
 */
export async function loadPeople(folder: string, index: readonly AssetEntry[], fallback: ModelLibrary): Promise<PeopleSource> {
  if (!index.some((entry) => entry.path.startsWith('humans/makehuman/'))) return fallback;
  const bodies = await loadMakeHuman(folder, decodePicture);
  return {
    person(rng, instanceId, activity) {
      return createMakeHumanPerson(bodies, rng, instanceId, activity);
    },
  };
}
