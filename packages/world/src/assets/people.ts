import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Rng } from '../math/rng.js';
import type { Geometry } from '../render/types.js';
import { createMakeHumanPerson } from '../people/makehuman/person.js';
import { loadPeople as loadMakeHuman } from '../people/makehuman/load.js';
import { createStaticPerson } from '../people/static-person.js';
import type { Activity, ModelLibrary, PersonActor } from '../scene/library.js';
import { bounds, listPrimitives, mergePrimitives, readGlb, readMaterials } from './glb.js';
import type { AssetEntry } from './index-file.js';
import { decodePicture } from './picture.js';

export interface PeopleSource {
  person(rng: Rng, instanceId: number, activity: Activity, coarse?: boolean): PersonActor;
}

/** Share of scans among those who stand or sit; their skeletons are unknown, so most people must be rigged. */
const STATIC_SHARE = 0.16;
/** Height of the seat in the scans that sit on a chair, metres (thighs of all five are level at about this height). */
const SCAN_SEAT = 0.45;

interface Scan {
  readonly geometry: Geometry;
  readonly words: string;
}

/**
 * People of an asset folder: rigged MakeHuman bodies, now and then a static scan (for those who stand or sit);
 * procedural bodies alone where the folder has no `humans/makehuman`.
 */
export async function loadPeople(folder: string, index: readonly AssetEntry[], fallback: ModelLibrary): Promise<PeopleSource> {
  if (!index.some((entry) => entry.path.startsWith('humans/makehuman/'))) return fallback;
  const bodies = await loadMakeHuman(folder, decodePicture);
  const scans = index.filter((entry) => entry.path.startsWith('humans/static/') && entry.path.endsWith('.glb'));
  const standing = await loadScans(folder, scans.filter((entry) => /\/(holding_)?(fe)?male_|\/boy_|\/girl_/.test(entry.path)), 'standing');
  const sitting = await loadScans(folder, scans.filter((entry) => entry.path.includes('/sitting_')), 'sitting');
  return {
    person(rng, instanceId, activity, coarse) {
      if (coarse) return fallback.person(rng, instanceId, activity);
      const list = activity === 'stand' ? standing : activity === 'sit' ? sitting : [];
      if (list.length > 0 && rng.chance(STATIC_SHARE)) {
        const { geometry, words } = rng.pick(list);
        return createStaticPerson(geometry, { instanceId, words, ...(activity === 'sit' ? { seatHeight: SCAN_SEAT } : {}) });
      }
      return createMakeHumanPerson(bodies, rng, instanceId, activity);
    },
  };
}

async function loadScans(folder: string, entries: readonly AssetEntry[], posture: 'standing' | 'sitting'): Promise<Scan[]> {
  const scans: Scan[] = [];
  for (const entry of entries) {
    const document = await readGlb(await readFile(join(folder, entry.path)));
    const geometry = mergePrimitives(listPrimitives(document), await readMaterials(document));
    const { low, high } = bounds(geometry.positions);
    // Lower ones sit on the floor.
    if (posture === 'sitting' && high[2] - low[2] < 1.2) continue;
    // Who sits has the hips near the back of the bounding box.
    const shift = posture === 'sitting' ? -low[0] - 0.2 : 0;
    const positions = geometry.positions.map((value, i) => (i % 3 === 0 ? value + shift : i % 3 === 2 ? value - low[2] : value));
    scans.push({ geometry: { ...geometry, positions }, words: `a ${noun(basename(entry.path))} ${posture}` });
  }
  return scans;
}

function noun(file: string): string {
  return /girl/.test(file) ? 'girl' : /boy/.test(file) ? 'boy' : /female/.test(file) ? 'woman' : 'man';
}
