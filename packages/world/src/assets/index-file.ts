import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';

/** One line of the assets' index.json, as far as it is read here. */
export interface AssetEntry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly kind: string;
  readonly class?: string;
  readonly category?: string;
  readonly triangles?: number;
}

const HINT = 'Give the folder of the open assets (the one that holds index.json, objects/, textures/, skies/, humans/, motions/).';

/**
 * Reads and checks `<folder>/index.json`.
 * @throws SextantError `source-missing` without such a file, `source-corrupt` if it is not an asset index.
 */
export async function readAssetIndex(folder: string): Promise<AssetEntry[]> {
  const path = join(folder, 'index.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SextantError('source-missing', `no asset folder at ${JSON.stringify(folder)}: index.json cannot be read`, { hint: HINT, cause });
  }
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new SextantError('source-corrupt', `${path} is not JSON`, { hint: HINT, cause });
  }
  if (!Array.isArray(list) || !list.every(isEntry)) {
    throw new SextantError('source-corrupt', `${path} is not an asset index: expected a list of {path, kind, ...}`, { hint: HINT });
  }
  // Sorted, so that picks do not depend on the order in which the index was written.
  return [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isEntry(value: unknown): value is AssetEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return typeof entry.path === 'string' && typeof entry.kind === 'string';
}
