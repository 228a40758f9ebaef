import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import { latentManifestSchema, type LatentManifest } from './schema.js';

/** Whether a manifest's JSON is that of a model over latents. */
export function isLatentManifest(json: unknown): boolean {
  return typeof json === 'object' && json !== null && (json as { layout?: unknown }).layout === 'joint-latents';
}

/**
 * The manifest of a model over latents; `undefined` where the folder holds another kind of model, or none that can be read (`readManifest` says why).
 * @throws SextantError `bad-config` naming the key that is wrong.
 */
export async function readLatentManifest(folder: string): Promise<LatentManifest | undefined> {
  const file = join(folder, 'manifest.json');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
  return isLatentManifest(json) ? parseLatentManifest(json, file) : undefined;
}

/** Validates what is already in memory; `file` is what errors call it. */
export function parseLatentManifest(json: unknown, file: string): LatentManifest {
  const fail = (problems: readonly string[]): never => {
    throw new SextantError('bad-config', `${file}: ${problems.join('; ')}`, { hint: 'docs/unityvideo.md describes every key.', details: { file, problems } });
  };
  const parsed = latentManifestSchema.safeParse(json);
  if (!parsed.success) return fail(parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'manifest'}: ${message}`));
  const manifest = parsed.data;
  const { latents, size, tiles, graphs, files, text } = manifest;
  const listed = new Set(files.map(({ path }) => path));
  const unit = latents.pixels * latents.patch;
  const problems = [
    ...Object.entries(graphs).flatMap(([name, { file: path }]) => (listed.has(path) ? [] : [`graphs.${name}.file: "${path}" is not listed under files`])),
    ...[text.tokenizer, text.tokenizerConfig].flatMap((path) => (listed.has(path) ? [] : [`text: "${path}" is not listed under files`])),
    ...(listed.size === files.length ? [] : ['files: a path is listed twice']),
    ...(tiles.overlap < tiles.size ? [] : [`tiles.overlap: ${tiles.overlap} is not less than tiles.size, ${tiles.size}`]),
    ...(size.width % unit === 0 && size.height % unit === 0 ? [] : [`size: ${size.width}x${size.height} is not of multiples of ${unit}`]),
    ...(size.frames % latents.frames === 1 ? [] : [`size.frames: ${size.frames} is not ${latents.frames}k+1`]),
    ...(Object.keys(manifest.modalities).length > 0 ? [] : ['modalities: there is none']),
  ];
  return problems.length > 0 ? fail(problems) : manifest;
}
