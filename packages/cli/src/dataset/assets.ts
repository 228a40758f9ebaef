import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';

/** Licences of the files of an asset folder. */
export interface AssetLicences {
  readonly index: { readonly files: number; readonly sha256: string };
  /** Files by licence. */
  readonly licences: Readonly<Record<string, number>>;
  /** Each attribution once, with its licence. */
  readonly attributions: readonly string[];
  /** The folder's own ATTRIBUTION.txt, where it has one. */
  readonly text?: string | undefined;
}

/**
 * Reads the licences of an asset folder from its index.json: of all files that clips may draw from, not only of those that some clip happens to show.
 * @throws SextantError `source-missing`, `source-corrupt`.
 */
export async function readLicences(folder: string): Promise<AssetLicences> {
  const path = join(folder, 'index.json');
  const hint = 'Give the folder of the open assets (the one that holds index.json), or leave assets out for procedural worlds.';
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SextantError('source-missing', `no asset folder at ${JSON.stringify(folder)}: index.json cannot be read`, { hint, details: { folder }, cause });
  });
  let entries: { readonly licence?: string; readonly attribution?: string }[];
  try {
    entries = JSON.parse(text) as typeof entries;
    if (!Array.isArray(entries)) throw new TypeError('it is no list');
  } catch (cause) {
    throw new SextantError('source-corrupt', `${path} is not an asset index: ${(cause as Error).message}`, { hint, details: { folder }, cause });
  }
  const licences: Record<string, number> = {};
  const attributions = new Set<string>();
  for (const { licence = 'unknown', attribution } of entries) {
    licences[licence] = (licences[licence] ?? 0) + 1;
    if (attribution !== undefined) attributions.add(`${licence}: ${attribution}`);
  }
  const own = await readFile(join(folder, 'ATTRIBUTION.txt'), 'utf8').catch(() => undefined);
  return { text: own, index: { files: entries.length, sha256: createHash('sha256').update(text).digest('hex') }, licences, attributions: [...attributions].sort() };
}
