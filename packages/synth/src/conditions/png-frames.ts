import { readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SextantError } from '@sextant/core';
import { decode, type DecodedPng } from 'fast-png';
import type { Size } from './fit.js';
import { sha256 } from './hash.js';

/** The numbered PNGs of a folder. */
export interface PngFrames {
  readonly folder: string;
  /** File names by number. */
  readonly names: ReadonlyMap<number, string>;
  readonly first: number;
  readonly last: number;
}

/**
 * Finds the numbered PNGs of one modality: in `<path>/<name>/` as `estimate` and `world` write them, or in `path` itself.
 * @throws SextantError `source-missing` where there are none, `source-corrupt` for a number that is missing in between.
 */
export async function pngFrames(path: string, name: string): Promise<PngFrames> {
  const inner = join(path, name);
  const folder = existsSync(inner) ? inner : path;
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new SextantError('source-missing', `${folder} cannot be read: ${cause.message}`, { hint: `Give the folder that estimate or world wrote, or its ${name} folder.`, details: { path: folder }, cause });
  });
  const names = new Map<number, string>();
  for (const file of files) {
    const number = /^\d+(?=\.png$)/.exec(file)?.[0];
    if (number !== undefined) names.set(Number(number), file);
  }
  const numbers = [...names.keys()].sort((a, b) => a - b);
  const [first, last] = [numbers.at(0), numbers.at(-1)];
  if (first === undefined || last === undefined) {
    const there = files.slice(0, 6).join(', ');
    throw new SextantError('source-missing', `${folder} holds no ${name}: there is no 000000.png or the like, but ${there === '' ? 'nothing' : there}`, {
      hint: `Give the folder that estimate or world wrote (it holds ${name}/), or its ${name} folder.`, details: { path: folder, modality: name },
    });
  }
  for (let i = first; i <= last; i++) {
    if (!names.has(i)) {
      throw new SextantError('source-corrupt', `${name} of frame ${i} is missing in ${folder}: it holds ${first} to ${last} with ${last - first + 1 - numbers.length} missing`, {
        hint: 'Make the folder again (estimate goes on where it stopped), or number the files without a gap.', details: { path: folder, frame: i, first, last },
      });
    }
  }
  return { folder, names, first, last };
}

/** What a modality's PNGs must be. */
export interface PngKind {
  readonly depth: 8 | 16;
  readonly channels: 1 | 3;
}

/** A decoded PNG and the hash of its file. */
export interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  readonly sha256: string;
  readonly path: string;
}

const NAMES: readonly (PngKind & { readonly what: string })[] = [
  { depth: 16, channels: 1, what: 'depth' }, { depth: 16, channels: 3, what: 'flow' }, { depth: 8, channels: 1, what: 'segmentation' }, { depth: 8, channels: 3, what: 'densepose or rgb' },
];

/**
 * Reads one frame's PNG.
 * @param size that of the clip's maps, where it is known already
 * @throws SextantError `source-corrupt` for a file that is none, or of another size, `bad-argument` for one of another modality.
 */
export async function readPng({ folder, names }: PngFrames, number: number, modality: string, kind: PngKind, size?: Size): Promise<PngFile> {
  const path = join(folder, names.get(number) ?? `${number}.png`);
  let png: DecodedPng;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    png = decode(bytes);
  } catch (cause) {
    throw new SextantError('source-corrupt', `${path} is no readable PNG: ${(cause as Error).message}`, { hint: 'Make the file again.', details: { path }, cause });
  }
  const { width, height, depth, channels, data } = png;
  if (depth !== kind.depth || channels !== kind.channels) {
    const looks = NAMES.find((n) => n.depth === depth && n.channels === channels)?.what;
    throw new SextantError('bad-argument', `${basename(path)} in ${folder} is not ${modality}: it has ${channels} channel(s) of ${depth} bits, ${modality} has ${kind.channels} of ${kind.depth}`, {
      hint: looks === undefined ? 'Give a folder that estimate or world wrote.' : `It looks like ${looks}: name the modality that the folder holds.`, details: { path, modality, depth, channels },
    });
  }
  if (size && (width !== size.width || height !== size.height)) {
    throw new SextantError('source-corrupt', `${modality} of frame ${number} is ${width}x${height}, the clip's maps are ${size.width}x${size.height}: ${path}`, { hint: 'Give maps of one clip, all of one size.', details: { path, frame: number, width, height } });
  }
  return { width, height, data: data as Uint8Array | Uint16Array, sha256: sha256(bytes), path };
}
