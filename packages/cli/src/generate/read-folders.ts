import { join } from 'node:path';
import type { Modality } from '@sextant/core';
import { codedFolder } from '../files/coded-folder.js';
import type { MakeSettings } from './settings.js';

/** Every folder that conditions and palette are read from, there or not: where a clip may not be written. */
export function readFolders({ conditions, palette }: Pick<MakeSettings, 'conditions' | 'palette'>): readonly string[] {
  const folders = (Object.entries(conditions) as [Modality, string][]).flatMap(([modality, path]) => [path, join(path, modality), join(path, codedFolder(modality))]);
  return palette?.from === 'folder' ? [...folders, ...['rgb', 'segmentation', 'instances'].map((name) => join(palette.path, name))] : folders;
}
