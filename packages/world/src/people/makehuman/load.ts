import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import { COCO_KEYPOINTS } from '@sextant/core';
import type { Texture } from '../../render/types.js';
import { loadClips } from '../motion/catalogue.js';
import type { ClipLibrary } from '../motion/catalogue.js';
import { parseBinding } from './mhclo.js';
import { readNpz } from './npz.js';
import type { NpyArray } from './npz.js';
import { parseObj } from './obj.js';
import { createPiece } from './piece.js';
import type { Piece } from './piece.js';
import { Rig } from './rig.js';
import type { BoneWeights, SkeletonFile } from './rig.js';
import { Morpher } from './shape.js';
import { SurfaceMap } from './surface-map.js';
import { greyLevels } from './tint.js';

/** Reads a picture as a texture of at most `maxSize` pixels on its longer side. */
export type TextureLoader = (path: string, maxSize: number) => Promise<Texture>;

/** A piece with its picture. */
export interface Wearable {
  readonly piece: Piece;
  readonly texture: Texture;
}

/** Everything MakeHuman people are drawn from; shared between all of them, never written. */
export interface PeopleAssets {
  readonly morpher: Morpher;
  readonly rig: Rig;
  readonly bodies: { readonly female: Piece; readonly male: Piece };
  readonly skins: ReadonlyMap<string, Texture>;
  readonly suits: readonly Wearable[];
  readonly shoes: readonly Wearable[];
  readonly hair: readonly Wearable[];
  readonly brows: readonly Wearable[];
  readonly eyes: Piece;
  readonly eyeColors: readonly Texture[];
  /** Per COCO keypoint: base vertices whose mean it is, and the bone that carries it. */
  readonly keypoints: readonly { readonly vertices: readonly number[]; readonly bone: number }[];
  readonly clips: ClipLibrary;
}

const allow = (...parts: readonly number[]): Uint8Array => {
  const mask = new Uint8Array(25);
  for (const part of parts) mask[part] = 1;
  return mask;
};
const HEAD = [23, 24];
const FEET = [5, 6];
const ALL = Array.from({ length: 24 }, (_, i) => i + 1);
/** Suits end at wrists, ankles and neck. */
const SUIT = ALL.filter((part) => ![3, 4, ...FEET, ...HEAD].includes(part));

/**
 * Loads `humans/makehuman` and `motions` below `folder`.
 * Throws SextantError `source-missing` where a file is absent and `source-corrupt` where an archive lacks something; what else is damaged throws as its reader does.
 */
export async function loadPeople(folder: string, textureLoader: TextureLoader): Promise<PeopleAssets> {
  const root = join(folder, 'humans', 'makehuman');
  const bytes = async (...path: string[]): Promise<Buffer> => {
    try {
      return await readFile(join(root, ...path));
    } catch (cause) {
      throw new SextantError('source-missing', `cannot read ${join(root, ...path)}`, { hint: 'The assets folder is incomplete; see its README.md.', cause });
    }
  };
  const text = async (...path: string[]): Promise<string> => (await bytes(...path)).toString('utf8');
  const names = async (...path: string[]): Promise<string[]> => (await readdir(join(root, ...path))).sort();

  const base = parseObj(await text('base.obj')).positions;
  const targets = array(readNpz(await bytes('targets_macro.npz')), 'delta_milli', 'names');
  const charts = array(readNpz(await bytes('densepose_like.npz')), 'quads', 'face_part24', 'face_corner_uv');
  const { weights } = JSON.parse(await text('default_weights.mhw')) as { weights: BoneWeights };
  const rig = new Rig(JSON.parse(await text('default.mhskel')) as SkeletonFile, weights, base.length / 3);
  const map = new SurfaceMap({
    positions: base, quads: charts.quads.data as Uint16Array, parts: charts.face_part24.data as Uint8Array,
    cornerUvs: charts.face_corner_uv.data as Float32Array,
  });
  const piece = async (allowed: Uint8Array, name: string, bindingFile: string, ...path: string[]): Promise<Piece> => createPiece(
    name, parseObj(await text(...path, `${name}.obj`)), parseBinding(await text(...path, bindingFile), base.length / 3), rig, map, base, allowed);
  const texture = (maxSize: number, ...path: string[]): Promise<Texture> => textureLoader(join(root, ...path), maxSize);

  const clothes = await names('clothes');
  const wearable = async (allowed: Uint8Array, maxSize: number, kind: string, name: string, suffix: string): Promise<Wearable> => ({
    piece: await piece(allowed, name, `${name}.mhclo`, kind, name), texture: await texture(maxSize, kind, name, `${name}${suffix}`),
  });
  const all = <T, R>(list: readonly T[], load: (item: T) => Promise<R>): Promise<R[]> => Promise.all(list.map(load));
  const skins = new Map(await all(await names('skins'), async (file): Promise<[string, Texture]> => [file, await texture(256, 'skins', file)]));
  const hair = await all(await names('hair'), (name) => wearable(allow(...HEAD), 256, 'hair', name, '_diffuse.png'));
  const { keypoints: points } = JSON.parse(await text('keypoints_coco17.json')) as { keypoints: Record<string, { vertices: number[]; bone: string }> };
  return {
    morpher: new Morpher(base, targets.names, targets.delta_milli.data as Int16Array),
    rig,
    bodies: {
      female: await piece(allow(...ALL), 'female1605', 'female1605.proxy', 'proxymeshes'),
      male: await piece(allow(...ALL), 'male1591', 'male1591.proxy', 'proxymeshes'),
    },
    skins,
    suits: await all(clothes.filter((name) => name.includes('suit')), (name) => wearable(allow(...SUIT), 256, 'clothes', name, '_diffuse.jpg')),
    shoes: await all(clothes.filter((name) => name.startsWith('shoes')), (name) => wearable(allow(...FEET), 128, 'clothes', name, '_diffuse.jpg')),
    hair: hair.map(({ piece: p, texture: t }) => ({ piece: p, texture: greyLevels(t) })),
    brows: await all(await names('eyebrows'), (name) => wearable(allow(...HEAD), 64, 'eyebrows', name, '.png')),
    eyes: await piece(allow(...HEAD), 'low-poly', 'low-poly.mhclo', 'eyes'),
    eyeColors: await all((await names('eyes')).filter((name) => name.endsWith('.jpg')), (name) => texture(64, 'eyes', name)),
    keypoints: COCO_KEYPOINTS.map((name) => ({ vertices: points[name].vertices, bone: rig.bone(points[name].bone) })),
    clips: await loadClips(join(folder, 'motions')),
  };
}

/** The named arrays of an archive; throws if one is absent. */
function array<K extends string>(archive: ReadonlyMap<string, NpyArray>, ...keys: K[]): Record<K, NpyArray> {
  return Object.fromEntries(keys.map((key) => {
    const value = archive.get(key);
    if (!value) throw new SextantError('source-corrupt', `the archive has no array ${key}`, { hint: 'The asset file is damaged; fetch the assets again.' });
    return [key, value];
  })) as Record<K, NpyArray>;
}
