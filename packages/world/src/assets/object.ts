import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SextantError } from '@sextant/core';
import { cos, sin } from '../math/deterministic.js';
import type { Geometry, Vec3 } from '../render/types.js';
import type { ObjectModel } from '../scene/library.js';
import { CLASS_OF_FILE, CLASS_OF_FOLDER, REAL_SIZES, TURN_DEGREES, WALK_SPEED_PER_LENGTH } from './catalogue.js';
import { classId } from '../classes.js';
import { bounds, listPrimitives, mergePrimitives, readGlb, readMaterials } from './glb.js';
import type { AssetEntry } from './index-file.js';
import { SkinPlayer } from './skinned.js';
import { findSurfaces } from './surfaces.js';

/** An object file's class, or null if it is left out. @throws SextantError `source-corrupt` for a folder that the catalogue does not know. */
export function classOfEntry(entry: AssetEntry): string | null {
  const name = basename(entry.path, '.glb');
  if (name in CLASS_OF_FILE) return CLASS_OF_FILE[name]!;
  const folder = entry.path.split('/')[1] ?? '';
  const found = CLASS_OF_FOLDER[folder];
  if (found === undefined) {
    throw new SextantError('source-corrupt', `${entry.path}: objects of a folder ${JSON.stringify(folder)} are of no known class`, { hint: `Move it to one of ${Object.keys(CLASS_OF_FOLDER).join(', ')}, or take it out of index.json.`, details: { path: entry.path } });
  }
  return found;
}

const SURFACE_CLASSES = new Set(['table', 'cabinet', 'shelf', 'appliance']);
const VEHICLES = new Set(['car', 'truck', 'bus', 'motorcycle', 'boat', 'bicycle']);

/** Reads one GLB object: axes, real size, origin at the middle of its base, surfaces, animation. */
export async function loadObject(folder: string, entry: AssetEntry, className: string): Promise<ObjectModel> {
  const name = basename(entry.path, '.glb');
  const document = await readGlb(await readFile(join(folder, entry.path)));
  const materials = await readMaterials(document);
  let list = listPrimitives(document);
  if (className === 'window') {
    const opaque = list.filter(({ primitive }) => primitive.getMaterial()?.getAlphaMode() !== 'BLEND');
    if (opaque.length > 0) list = opaque; // daylight comes through the hole
  }
  const raw = mergePrimitives(list, materials);
  const skin = document.getRoot().listSkins()[0];
  const player = skin ? new SkinPlayer(document, skin, list, raw) : undefined;
  const fit = fitToSize(player ? player.at(0).positions : raw.positions, name);
  const rest = player ? player.at(0) : { positions: raw.positions, normals: raw.normals };
  const geometry: Geometry = { ...raw, positions: fit.apply(rest.positions), normals: fit.turn(rest.normals) };
  const { low, high } = bounds(geometry.positions);
  const size: Vec3 = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
  const surfaces = SURFACE_CLASSES.has(className) ? findSurfaces(geometry, size, className === 'shelf') : [];
  return {
    geometry: VEHICLES.has(className) ? { ...geometry, materials: geometry.materials.map((m) => ({ ...m, roughness: 0.4 })) } : geometry,
    classId: classId(className),
    size,
    ...(surfaces.length > 0 ? { surfaces } : {}),
    ...(player && player.duration > 0
      ? {
          animation: {
            speed: WALK_SPEED_PER_LENGTH * size[0],
            at: (t: number) => {
              const { positions, normals } = player.at(t);
              return { positions: fit.apply(positions), normals: fit.turn(normals) };
            },
          },
        }
      : {}),
  };
}

interface Fit {
  apply(positions: Float32Array): Float32Array;
  turn(normals: Float32Array): Float32Array;
}

/** The similarity that brings a model to real size, its front to +x and its origin under its middle. */
function fitToSize(positions: Float32Array, name: string): Fit {
  const turn = ((TURN_DEGREES[name] ?? 0) * Math.PI) / 180;
  const [c, s] = [cos(turn), sin(turn)];
  const { low, high } = bounds(positions);
  const rule = name.startsWith('q_') ? REAL_SIZES.find(([prefix]) => name.startsWith(prefix)) : undefined;
  const extent = rule?.[1] === 'height' ? high[2] - low[2] : Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = rule ? rule[2] / Math.max(extent, 1e-9) : 1;
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]];
  return {
    apply(source) {
      const out = new Float32Array(source.length);
      for (let i = 0; i < source.length; i += 3) {
        const x = (source[i] - middle[0]) * scale, y = (source[i + 1] - middle[1]) * scale;
        out[i] = c * x - s * y;
        out[i + 1] = s * x + c * y;
        out[i + 2] = (source[i + 2] - middle[2]) * scale;
      }
      return out;
    },
    turn(source) {
      if (turn === 0) return source;
      const out = new Float32Array(source.length);
      for (let i = 0; i < source.length; i += 3) {
        out[i] = c * source[i] - s * source[i + 1];
        out[i + 1] = s * source[i] + c * source[i + 1];
        out[i + 2] = source[i + 2]!;
      }
      return out;
    },
  };
}
