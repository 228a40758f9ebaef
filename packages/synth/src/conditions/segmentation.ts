import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SextantError, type SegmentationClass } from '@sextant/core';
import { fitNearest } from './fit.js';
import { sha256, together } from './hash.js';
import { pngFrames, readPng } from './png-frames.js';
import type { ConditionReader } from './source.js';

const KIND = { depth: 8, channels: 1 } as const;

/**
 * Class ids as 8-bit PNG with classes.json beside the folder (or in it), and instances/ beside it: classes are matched with the model's by name; those that
 * it does not have become background, without instances, and are said.
 * @throws SextantError `source-missing`, `source-corrupt`, `bad-argument`.
 */
export async function openSegmentation(path: string, classes: readonly SegmentationClass[]): Promise<ConditionReader> {
  const frames = await pngFrames(path, 'segmentation');
  const { width, height } = await readPng(frames, frames.first, 'segmentation', KIND);
  const { table, lacking, notes, hash } = await toModel(frames.folder, classes);
  const clip = clipOf(frames.folder);
  const things = existsSync(join(clip, 'instances')) ? await pngFrames(clip, 'instances') : undefined;
  return {
    modality: 'segmentation', first: frames.first, last: frames.last, size: { width, height }, notes,
    read: async (number, fit) => {
      const { path: file, data, sha256: own } = await readPng(frames, number, 'segmentation', KIND, { width, height });
      const unknown = data.find((id) => table[id] < 0);
      if (unknown !== undefined) {
        throw new SextantError('bad-argument', `${file} holds class id ${unknown}, which its classes.json does not list`, { hint: 'Write the class table of the maps beside them as classes.json.', details: { path: file, id: unknown } });
      }
      const labels = fitNearest(Uint8Array.from(data, (id) => table[id]), fit);
      const ids = things?.names.has(number) ? await readPng(things, number, 'instances', { depth: 16, channels: 1 }, { width, height }) : undefined;
      const instances = ids && Uint16Array.from(ids.data, (id, i) => (lacking.has(data[i]) ? 0 : id));
      return { part: { segmentation: { ...fit.to, labels, ...(instances && { instances: fitNearest(instances, fit) }) } }, sha256: together(own, hash, ids?.sha256) };
    },
  };
}

/** The folder beside whose files a modality's own lies, also where that is given as `.`. */
const clipOf = (folder: string): string => dirname(resolve(folder));

/** What is read of a class. */
interface Named {
  readonly id: number;
  readonly name: string;
}

function isNamed(value: unknown): value is Named {
  const { id, name } = (value ?? {}) as Partial<Named>;
  return Number.isInteger(id) && id! >= 0 && id! <= 255 && typeof name === 'string';
}

/** How the ids of a folder are read: the model's id of each (-1: of no class), those of classes that the model lacks, and the hash of the table's file. */
interface Table {
  readonly table: Int16Array;
  readonly lacking: ReadonlySet<number>;
  readonly notes: readonly string[];
  readonly hash?: string;
}

async function toModel(folder: string, classes: readonly SegmentationClass[]): Promise<Table> {
  const table = new Int16Array(256).fill(-1);
  const file = [join(clipOf(folder), 'classes.json'), join(folder, 'classes.json')].find((path) => existsSync(path));
  if (file === undefined) {
    for (const { id } of classes) table[id] = id;
    return { table, lacking: new Set(), notes: [`there is no classes.json beside ${folder}: ids are taken as the model's own`] };
  }
  let theirs: readonly Named[];
  let text: string;
  try {
    text = await readFile(file, 'utf8');
    const json: unknown = JSON.parse(text);
    if (!Array.isArray(json) || !json.every(isNamed)) throw new Error('it is no list of {id, name}');
    theirs = json;
  } catch (cause) {
    throw new SextantError('source-corrupt', `${file} is no class table: ${(cause as Error).message}`, { hint: 'It holds [{"id": 1, "name": "person", ...}, ...].', details: { path: file }, cause });
  }
  const ids = new Map(classes.map(({ id, name }) => [name, id]));
  const lost = theirs.filter(({ name }) => !ids.has(name));
  for (const { id, name } of theirs) table[id] = ids.get(name) ?? 0;
  const notes = lost.length === 0 ? [] : [`the model has no class ${lost.map(({ name }) => name).join(', ')}: taken as background`];
  return { table, lacking: new Set(lost.map(({ id }) => id)), notes, hash: sha256(text) };
}
