import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ConditionReader } from './source.js';

/** Folders of a clip whose files are numbered as its frames are. */
const NUMBERED = ['rgb', 'depth', 'segmentation', 'instances', 'densepose'] as const;

/**
 * The readers, with flow from the clip's first frame on. It may lack that frame, in which nothing has moved yet, but need not: files may be numbered
 * from 1 as well. So it begins one earlier than its files where all others do, and, alone, where what lies beside it (manifest.json, rgb/, ...) says
 * that the clip begins at 0.
 *
 * @param folder the folder given for flow
 */
export async function fromClipStart(readers: readonly ConditionReader[], folder: string): Promise<readonly ConditionReader[]> {
  const flow = readers.find(({ modality }) => modality === 'flow');
  if (!flow) return readers;
  const others = readers.filter((reader) => reader !== flow);
  const first = flow.first - 1;
  const lacks = others.length > 0 ? others.every((other) => other.first === first) : first === 0 && (await beginsAtZero(folder));
  return lacks ? readers.map((reader) => (reader === flow ? { ...flow, first } : reader)) : readers;
}

async function beginsAtZero(folder: string): Promise<boolean> {
  const clip = !existsSync(join(folder, 'flow')) && basename(folder) === 'flow' ? dirname(folder) : folder;
  const manifest = await readFile(join(clip, 'manifest.json'), 'utf8').then((text) => JSON.parse(text) as { frames?: unknown }, () => undefined).catch(() => undefined);
  const frames = Array.isArray(manifest?.frames) ? (manifest.frames as readonly ({ readonly index?: unknown } | null)[]) : [];
  if (frames[0]?.index === 0) return true;
  const files = await Promise.all(NUMBERED.map((name) => readdir(join(clip, name)).catch(() => [])));
  return files.flat().some((name) => /^0+\.png$/.test(name));
}
