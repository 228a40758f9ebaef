import { readLatentManifest, readManifest } from '@sextant/model';
import type { LatentManifest, Manifest } from '@sextant/model';

/** The manifest of either kind of model. @throws SextantError `model-missing`, `bad-config`. */
export async function readAny(folder: string): Promise<Manifest | LatentManifest> {
  return (await readLatentManifest(folder)) ?? readManifest(folder);
}
