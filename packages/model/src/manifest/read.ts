import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import type { z } from 'zod';
import { checkReferences } from './check.js';
import { manifestSchema, type Manifest } from './schema.js';
import { isLatentManifest } from '../unityvideo/read-manifest.js';

/**
 * Reads and validates `<folder>/manifest.json` (not the files it lists: see `verifyFiles`).
 * @throws SextantError `model-missing` where there is no manifest, `bad-config` naming the key that is wrong, `unsupported` for a model over latents
 * (`readLatentManifest`).
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, 'manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SextantError('model-missing', `no readable manifest at ${file}`, { hint: 'Name a model folder that holds a manifest.json.', details: { file }, cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SextantError('bad-config', `${file} is not JSON: ${(cause as Error).message}`, { hint: 'Repair the file, or fetch the model again.', details: { file }, cause });
  }
  return parseManifest(json, file);
}

/** Validates a manifest that is already in memory; `file` is what errors call it. */
export function parseManifest(json: unknown, file: string): Manifest {
  if (isLatentManifest(json)) {
    throw new SextantError('unsupported', `${file}: a model over latents makes whole clips, it does not estimate frame by frame`, { hint: 'Use it with sextant generate or joint, or latentClip().', details: { file } });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(describe);
    throw new SextantError('bad-config', `${file}: ${problems.join('; ')}`, {
      hint: 'docs/manifest.md of @sextant/model describes every key.',
      details: { file, problems },
    });
  }
  checkReferences(parsed.data, file);
  return parsed.data;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key "${path === '' ? key : `${path}.${key}`}"`).join('; ');
  }
  return `${path === '' ? 'manifest' : path}: ${issue.message}`;
}
