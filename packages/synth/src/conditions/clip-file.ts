import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MODALITIES, type Modality } from '@sextant/core';

/** Folders of conditions, by modality. */
type Folders = Readonly<Partial<Record<Modality, string>>>;

/** The files of one name that say something of the clips that conditions belong to: in the folder given or, where that is the modality's own, beside it. */
export function clipFiles(folders: Folders, name: string): readonly string[] {
  return MODALITIES.flatMap((modality) => {
    const given = folders[modality];
    if (given === undefined) return [];
    const folder = given.endsWith('.json') ? dirname(given) : given;
    const clips = existsSync(join(folder, modality)) ? [folder] : [folder, dirname(resolve(folder))];
    return clips.map((clip) => join(clip, name)).filter((path) => existsSync(path));
  });
}

/** Frames per second of the conditions, as the first manifest that knows says (of `estimate`: what its source said); `undefined` where none does. */
export async function conditionRate(folders: Folders): Promise<number | undefined> {
  for (const path of clipFiles(folders, 'manifest.json')) {
    const manifest = await readFile(path, 'utf8').then((text) => JSON.parse(text) as { fps?: unknown; source?: { fps?: unknown } | null } | null).catch(() => null);
    const fps = manifest?.fps ?? manifest?.source?.fps;
    if (typeof fps === 'number' && fps > 0) return fps;
  }
  return undefined;
}
