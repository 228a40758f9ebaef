import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SextantError } from '@sextant/core';

/** A model that can be loaded by name. */
export interface LocatedModel {
  readonly name: string;
  readonly folder: string;
}

/** Where models are looked for, first match wins: each folder of SEXTANT_MODELS, ./models, the repository's models. */
export function modelPaths(): readonly string[] {
  const environment = (process.env.SEXTANT_MODELS ?? '').split(delimiter).filter((path) => path !== '');
  // The package's folder is one above both src and dist; in a checkout it is packages/model.
  const repository = fileURLToPath(new URL('../../../models', import.meta.url));
  return [...new Set([...environment.map((path) => resolve(path)), resolve('models'), repository])];
}

/** Every model that can be loaded by name. */
export async function listModels(): Promise<readonly LocatedModel[]> {
  const found = new Map<string, LocatedModel>();
  for (const path of modelPaths()) {
    const names = await readdir(path).catch(() => [] as string[]);
    for (const name of names.sort()) {
      const folder = join(path, name);
      if (!found.has(name) && existsSync(join(folder, 'manifest.json'))) found.set(name, { name, folder });
    }
  }
  return [...found.values()];
}

/**
 * The folder of a model given as a folder or a name.
 * @throws SextantError `model-missing`, naming where it was looked for and what there is.
 */
export async function locateModel(folderOrName: string): Promise<string> {
  const isPath = isAbsolute(folderOrName) || folderOrName.includes('/') || folderOrName.includes(sep) || folderOrName.startsWith('.');
  if (isPath) return resolve(folderOrName); // readManifest says what is wrong with it
  const models = await listModels();
  const model = models.find((m) => m.name === folderOrName);
  if (model) return model.folder;
  throw new SextantError('model-missing', `no model "${folderOrName}" in ${modelPaths().join(', ')}`, {
    hint: models.length > 0
      ? `There is: ${models.map((m) => m.name).join(', ')}. Give one of these or a folder, or set SEXTANT_MODELS.`
      : 'There is none: the npm packages hold no weights. Copy models/nano of the repository to ./models/nano, give its folder, or set SEXTANT_MODELS.',
    details: { model: folderOrName, searched: modelPaths() },
  });
}
