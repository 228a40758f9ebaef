import { SextantError } from '@sextant/core';
import { listModels, modelPaths, verifyFiles } from '@sextant/model';
import { readAny } from '../model/read-any.js';
import { ok } from './check.js';
import type { Check, Finding } from './check.js';

/** Whether models are there, of either kind, with the files that their manifests say. */
export const models: Check = async () => {
  const found = await listModels();
  if (found.length === 0) return [{ name: 'models', status: 'fail', message: `none in ${modelPaths().join(', ')}`, hint: 'Check out the models folder again, or set SEXTANT_MODELS.' }];
  return Promise.all(
    found.map(async ({ name, folder }): Promise<Finding> => {
      try {
        const manifest = await readAny(folder);
        await verifyFiles(folder, manifest);
        return ok(`model ${name}`, `${manifest.version}, ${manifest.files.length} files as the manifest says`);
      } catch (error) {
        const { message, hint } = SextantError.from(error);
        return { name: `model ${name}`, status: 'fail', message, hint };
      }
    }),
  );
};
