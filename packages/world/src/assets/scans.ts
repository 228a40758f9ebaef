import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Geometry, Vec3 } from '../render/types.js';
import { bounds, listPrimitives, mergePrimitives, readGlb, readMaterials } from './glb.js';
import type { AssetEntry } from './index-file.js';
import { readAsset } from './read-asset.js';
import { SCAN_JOINTS } from './scan-joints.js';

/** A person of whom there is only a surface, in one posture. Body frame: x forward, y left, z up, metres, standing on z = 0. */
export interface Scan {
  readonly geometry: Geometry;
  readonly words: string;
  /** 17 in COCO's order, in the geometry's frame: a teacher's, seen from all around (training/scan_joints.py). Absent where nobody knows them. */
  readonly joints?: readonly Vec3[];
}

/** Files of scans in each posture. */
const FILES = { standing: /^humans\/static\/((holding_)?(fe)?male_|boy_|girl_).*\.glb$/, sitting: /^humans\/static\/sitting_.*\.glb$/ };

/** Reads an asset folder's scans; those of `sitting` people who sit on the floor are left out. */
export async function loadScans(folder: string, index: readonly AssetEntry[], posture: keyof typeof FILES): Promise<Scan[]> {
  const scans: Scan[] = [];
  for (const entry of index.filter(({ path }) => FILES[posture].test(path))) {
    const geometry = await readAsset(join(folder, entry.path), async (path) => readScan(await readFile(path)));
    const { low, high } = bounds(geometry.positions);
    // Lower ones sit on the floor.
    if (posture === 'sitting' && high[2] - low[2] < 1.2) continue;
    // Who sits has the hips near the back of the bounding box.
    const shift = [posture === 'sitting' ? -low[0] - 0.2 : 0, 0, -low[2]] as const;
    const positions = geometry.positions.map((value, i) => value + shift[i % 3]);
    const joints = SCAN_JOINTS[basename(entry.path, '.glb')]?.map(([x, y, z]): Vec3 => [x + shift[0], y + shift[1], z + shift[2]]);
    scans.push({ geometry: { ...geometry, positions }, words: `a ${noun(basename(entry.path))} ${posture}`, ...(joints && { joints }) });
  }
  return scans;
}

/** A scan's surface in its file's own frame, turned to the body frame's axes. */
export async function readScan(glb: Uint8Array): Promise<Geometry> {
  const document = await readGlb(glb);
  return mergePrimitives(listPrimitives(document), await readMaterials(document));
}

function noun(file: string): string {
  return /girl/.test(file) ? 'girl' : /boy/.test(file) ? 'boy' : /female/.test(file) ? 'woman' : 'man';
}
