import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SextantError, type SegmentationClass } from '@sextant/core';
import { fitNearest } from './fit.js';
import { pngFrames, readPng } from './png-frames.js';
import type { ConditionReader } from './source.js';

const KIND = { depth: 8, channels: 1 } as const;

/**
 * Class ids as 8-bit PNG with classes.json beside the folder (or in it): classes are matched with the model's by name; those that it does not have
 * become background, and are said.
 * @throws SextantError `source-missing`, `source-corrupt`, `bad-argument`.
 */
export async function openSegmentation(path: string, classes: readonly SegmentationClass[]): Promise<ConditionReader> {
  const frames = await pngFrames(path, 'segmentation');
  const { width, height } = await readPng(frames, frames.first, 'segmentation', KIND);
  const { table, notes } = await toModel(frames.folder, classes);
  const things = existsSync(join(dirname(frames.folder), 'instances')) ? await pngFrames(dirname(frames.folder), 'instances') : undefined;
  return {
    modality: 'segmentation', first: frames.first, last: frames.last, size: { width, height }, notes,
    read: async (number, fit) => {
      const { data, sha256, path: file } = await readPng(frames, number, 'segmentation', KIND);
      const unknown = data.find((id) => table[id] < 0);
      if (unknown !== undefined) {
        throw new SextantError('bad-argument', `${file} holds class id ${unknown}, which its classes.json does not list`, { hint: 'Write the class table of the maps beside them as classes.json.', details: { path: file, id: unknown } });
      }
      const labels = fitNearest(Uint8Array.from(data, (id) => table[id]), fit);
      const ids = things?.names.has(number) ? await readPng(things, number, 'instances', { depth: 16, channels: 1 }) : undefined;
      return { part: { segmentation: { ...fit.to, labels, ...(ids && { instances: fitNearest(ids.data as Uint16Array, fit) }) } }, sha256 };
    },
  };
}

/** What is read of a class. */
interface Named {
  readonly id: number;
  readonly name: string;
}

function isNamed(value: unknown): value is Named {
  const { id, name } = (value ?? {}) as Partial<Named>;
  return Number.isInteger(id) && id! >= 0 && id! <= 255 && typeof name === 'string';
}

async function toModel(folder: string, classes: readonly SegmentationClass[]): Promise<{ table: Int16Array; notes: string[] }> {
  const table = new Int16Array(256).fill(-1);
  const file = [join(dirname(folder), 'classes.json'), join(folder, 'classes.json')].find((path) => existsSync(path));
  if (file === undefined) {
    for (const { id } of classes) table[id] = id;
    return { table, notes: [`there is no classes.json beside ${folder}: ids are taken as the model's own`] };
  }
  let theirs: readonly Named[];
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(json) || !json.every(isNamed)) throw new Error('it is no list of {id, name}');
    theirs = json;
  } catch (cause) {
    throw new SextantError('source-corrupt', `${file} is no class table: ${(cause as Error).message}`, { hint: 'It holds [{"id": 1, "name": "person", ...}, ...].', details: { path: file }, cause });
  }
  const ids = new Map(classes.map(({ id, name }) => [name, id]));
  const lost: string[] = [];
  for (const { id, name } of theirs) {
    const own = ids.get(name);
    table[id] = own ?? 0;
    if (own === undefined) lost.push(name);
  }
  return { table, notes: lost.length === 0 ? [] : [`the model has no class ${lost.join(', ')}: taken as background`] };
}
