import { join } from 'node:path';
import type { Rng } from '../math/rng.js';
import { createMakeHumanPerson } from '../people/makehuman/person.js';
import { loadPeople as loadMakeHuman } from '../people/makehuman/load.js';
import { createStaticPerson } from '../people/static-person.js';
import type { Activity, ModelLibrary, PersonActor } from '../scene/library.js';
import type { AssetEntry } from './index-file.js';
import { decodePicture } from './picture.js';
import { readAsset } from './read-asset.js';
import { loadScans } from './scans.js';

export interface PeopleSource {
  person(rng: Rng, instanceId: number, activity: Activity, coarse?: boolean): PersonActor;
}

/** Share of scans among those who stand or sit; they never move and their parts are unknown, so most people must be rigged. */
const STATIC_SHARE = 0.16;
/** Height of the seat in the scans that sit on a chair, metres (thighs of all five are level at about this height). */
const SCAN_SEAT = 0.45;

/**
 * People of an asset folder: rigged MakeHuman bodies, now and then a static scan (for those who stand or sit);
 * procedural bodies alone where the folder has no `humans/makehuman`.
 */
export async function loadPeople(folder: string, index: readonly AssetEntry[], fallback: ModelLibrary): Promise<PeopleSource> {
  if (!index.some((entry) => entry.path.startsWith('humans/makehuman/'))) return fallback;
  const bodies = await readAsset(join(folder, 'humans', 'makehuman'), () => loadMakeHuman(folder, decodePicture));
  const standing = await loadScans(folder, index, 'standing');
  const sitting = await loadScans(folder, index, 'sitting');
  return {
    person(rng, instanceId, activity, coarse) {
      if (coarse) return fallback.person(rng, instanceId, activity);
      const list = activity === 'stand' ? standing : activity === 'sit' ? sitting : [];
      if (list.length > 0 && rng.chance(STATIC_SHARE)) {
        const { geometry, words, joints } = rng.pick(list);
        return createStaticPerson(geometry, { instanceId, words, ...(joints && { joints }), ...(activity === 'sit' ? { seatHeight: SCAN_SEAT } : {}) });
      }
      return createMakeHumanPerson(bodies, rng, instanceId, activity);
    },
  };
}
