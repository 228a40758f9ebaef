import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import { z } from 'zod';

const META = z.object({
  name: z.string(),
  task: z.string(),
  /** False for rendered films. */
  real: z.boolean().default(true),
  units: z.string().default(''),
  /** Of the pictures: decides whether they may be shown. */
  licence: z.string().optional(),
  frames: z.number().int().positive().optional(),
  intrinsics_fx_fy_cx_cy: z.array(z.number()).length(4).nullish(),
  joint_names: z.array(z.string()).optional(),
  classes: z.array(z.string()).optional(),
});

/** One evaluation item: a folder with `meta.json`, pictures and truth (layout: docs/evaluation.md). */
export interface Item extends z.infer<typeof META> {
  readonly folder: string;
  /** Sets keep rendered films apart from pictures of a camera. */
  readonly set: 'real' | 'synthetic';
}

/**
 * The items of a folder, in the order of their names, at most `limit` of each task.
 * @throws SextantError `source-missing` for a folder without items, `source-corrupt` for a `meta.json` that is not one.
 */
export async function readItems(folder: string, limit: number): Promise<readonly Item[]> {
  const names = (await readdir(folder).catch(() => [] as string[])).sort().filter((name) => existsSync(join(folder, name, 'meta.json')));
  if (names.length === 0) {
    throw new SextantError('source-missing', `no evaluation items in ${folder}`, { hint: 'Give a folder of folders with meta.json (layout: docs/evaluation.md), or --source world.', details: { folder } });
  }
  const items: Item[] = [];
  const taken = new Map<string, number>();
  for (const name of names) {
    const path = join(folder, name, 'meta.json');
    let meta: z.infer<typeof META>;
    try {
      meta = META.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (cause) {
      throw new SextantError('source-corrupt', `${path} does not describe an evaluation item: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'See docs/evaluation.md.', details: { path }, cause });
    }
    const count = taken.get(meta.task) ?? 0;
    if (count >= limit) continue;
    taken.set(meta.task, count + 1);
    items.push({ ...meta, folder: join(folder, name), set: meta.real ? 'real' : 'synthetic' });
  }
  return items;
}

/** Names of an item's numbered files: `frame00.jpg`, ... */
export const numbered = (item: Item, index: number, stem: string, extension: string): string =>
  join(item.folder, `${stem}${String(index).padStart(2, '0')}.${extension}`);
