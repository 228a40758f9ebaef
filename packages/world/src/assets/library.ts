import { basename, join } from 'node:path';
import type { Texture } from '../render/types.js';
import type { Activity, ModelLibrary, ObjectModel, PersonActor, SkyLook, TextureCategory } from '../scene/library.js';
import { TEXTURE_CATEGORIES } from '../scene/library.js';
import { createProceduralLibrary } from '../procedural/library.js';
import type { Rng } from '../math/rng.js';
import { OPEN_SKIES } from './catalogue.js';
import { TEXTURE_CAP } from './glb.js';
import type { AssetEntry } from './index-file.js';
import { readAssetIndex } from './index-file.js';
import { classOfEntry, loadObject } from './object.js';
import { decodePicture, openSky } from './picture.js';
import { loadPeople } from './people.js';
import { readAsset } from './read-asset.js';

/** Everything loaded from a folder of open assets (layout: its README.md and index.json). */
export interface AssetLibrary extends ModelLibrary {
  readonly folder: string;
}

export interface LoadAssetsOptions {
  /** Objects with more triangles are left out. Default 21 000. */
  readonly maxTriangles?: number;
  /** Stops the loading; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Loads a folder of open assets (objects, people, motions, textures, skies) for `createWorld`. Whatever the folder has
 * none of comes from the procedural library. Takes some seconds and a few hundred megabytes; load once, share freely.
 * @throws SextantError `source-missing` or `source-corrupt` if the folder is not one of assets, or one of its files is not there or damaged.
 */
export async function loadAssets(folder: string, options: LoadAssetsOptions = {}): Promise<AssetLibrary> {
  const { maxTriangles = 21_000, signal } = options;
  const index = await readAssetIndex(folder);
  const fallback = createProceduralLibrary();
  const [people, objects, textures, skies] = await Promise.all([
    loadPeople(folder, index, fallback),
    loadObjects(folder, index, maxTriangles, signal),
    loadTextures(folder, index, signal),
    loadSkies(folder, index, signal),
  ]);
  return {
    name: 'assets',
    folder,
    object(rng, className) {
      const list = objects.get(className);
      // A share of procedural things keeps classes with few models from always looking the same.
      const share = !list ? 1 : SMALL.has(className) ? 0.4 : ANIMALS.has(className) ? 0.45 : list.length < 4 ? 0.35 : 0.1;
      const other = rng.chance(share) ? fallback.object(rng, className) : undefined;
      return other ?? (list ? rng.pick(list) : undefined);
    },
    person: (rng: Rng, instanceId: number, activity: Activity, coarse?: boolean): PersonActor => people.person(rng, instanceId, activity, coarse),
    texture(rng, category) {
      const list = textures.get(category);
      return list && list.length > 0 ? rng.pick(list) : fallback.texture(rng, category);
    },
    sky(rng, scene) {
      if (skies.length === 0 || rng.chance(0.25)) return fallback.sky(rng, scene);
      const { texture, look } = rng.pick(skies);
      return { kind: 'panorama', texture, yaw: rng.range(-Math.PI, Math.PI), exposure: 1, ...(look ? { look } : {}) };
    },
  };
}

/** Classes of clutter, of which a scene holds dozens: the procedural ones are varied and cheap. */
const SMALL: ReadonlySet<string> = new Set(['book', 'box', 'bottle', 'cup', 'bowl', 'food', 'toy', 'tool', 'object', 'ball', 'bag', 'vase', 'clock']);

/** Animals have many coats and breeds but few models. */
const ANIMALS: ReadonlySet<string> = new Set(['dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal']);

/** Runs `work` over `items`, a few at a time, keeping their order. */
async function mapSome<T, R>(items: readonly T[], signal: AbortSignal | undefined, work: (item: T) => Promise<R>): Promise<R[]> {
  const out: R[] = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      signal?.throwIfAborted();
      const i = next++;
      out[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return out;
}

async function loadObjects(
  folder: string, index: readonly AssetEntry[], maxTriangles: number, signal?: AbortSignal,
): Promise<Map<string, ObjectModel[]>> {
  const wanted = index.flatMap((entry) => {
    if (!entry.path.startsWith('objects/') || !entry.path.endsWith('.glb') || (entry.triangles ?? 0) > maxTriangles) return [];
    const className = classOfEntry(entry);
    return className === null ? [] : [{ entry, className }];
  });
  const models = await mapSome(wanted, signal, ({ entry, className }) => readAsset(join(folder, entry.path), () => loadObject(folder, entry, className)));
  const byClass = new Map<string, ObjectModel[]>();
  wanted.forEach(({ className }, i) => byClass.set(className, [...(byClass.get(className) ?? []), models[i]]));
  return byClass;
}

/** `sh_` pictures are textures of single models (a cake, a cypress): only those that are pictures themselves are of use. */
function isTexture(entry: AssetEntry): boolean {
  const name = basename(entry.path);
  if (/Snow|Net_|Chainmail|SolarPanel|RoofingTiles|ThatchedRoof|aerial_grass_rock|PineNeedles|ScatteredLeaves/.test(name)) return false;
  if (!name.startsWith('sh_')) return /^textures(_128)?\//.test(entry.path);
  return (
    /^textures\/(poster|bark)\//.test(entry.path) && !/Salad|Bread|Furnace|Aquarium|hedge/i.test(name)
    || /rug|round-carpet|tatami|pine|oak|parquet|granite|fabric|wallpaper|stripes|checked|beige_pattern/i.test(name)
  );
}

async function loadTextures(folder: string, index: readonly AssetEntry[], signal?: AbortSignal): Promise<Map<TextureCategory, Texture[]>> {
  const known = new Set<string>(TEXTURE_CATEGORIES);
  const wanted = index.filter((entry) => known.has(entry.category ?? '') && isTexture(entry));
  const decoded = await mapSome(wanted, signal, (entry) => readAsset(join(folder, entry.path), (path) => decodePicture(path, TEXTURE_CAP)));
  const byCategory = new Map<TextureCategory, Texture[]>();
  wanted.forEach((entry, i) => {
    const category = entry.category as TextureCategory;
    byCategory.set(category, [...(byCategory.get(category) ?? []), decoded[i]]);
  });
  return byCategory;
}

/** An open sky and how it looks. */
interface LoadedSky {
  readonly texture: Texture;
  readonly look?: SkyLook | undefined;
}

async function loadSkies(folder: string, index: readonly AssetEntry[], signal?: AbortSignal): Promise<LoadedSky[]> {
  const wanted = index.filter((entry) => entry.path.startsWith('skies/') && basename(entry.path, '.jpg') in OPEN_SKIES);
  return mapSome(wanted, signal, async (entry) => {
    const { lowest, look } = OPEN_SKIES[basename(entry.path, '.jpg')];
    return { texture: openSky(await readAsset(join(folder, entry.path), (path) => decodePicture(path, 768)), lowest), look };
  });
}
