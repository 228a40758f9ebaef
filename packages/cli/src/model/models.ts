import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MODALITIES, SextantError } from '@sextant/core';
import { listModels, locateModel, modelPaths, verifyFiles } from '@sextant/model';
import type { LatentManifest, Manifest } from '@sextant/model';
import type { Work } from '../cli/session.js';
import { readAny } from './read-any.js';

/** `sextant model list`. */
export async function listAll({ output }: Work): Promise<number> {
  const models = await listModels();
  for (const { name, folder } of models) {
    try {
      const { version, kind, description, modalities } = await readAny(folder);
      const estimates = MODALITIES.filter((m) => modalities[m]);
      output.event('model', { name, version, kind, modalities: estimates, folder });
      output.print(`${name}  ${version}  ${kind}  ${estimates.join(',')}  ${folder}\n    ${description}`);
    } catch (error) {
      const { code, message } = SextantError.from(error);
      output.event('model', { name, folder, damaged: { code, message } });
      output.print(`${name}  damaged: ${message}`);
    }
  }
  if (models.length === 0) output.note(`no models in ${modelPaths().join(', ')}`);
  output.event('end', { reason: 'complete', models: models.length });
  return 0;
}

/** `sextant model info`: what a manifest says. @throws SextantError `model-missing`, `bad-config`. */
export async function describe(nameOrFolder: string, { output }: Work): Promise<number> {
  const folder = await locateModel(nameOrFolder);
  const manifest = await readAny(folder);
  const info = { folder, ...('layout' in manifest ? latentSummary(manifest) : summary(manifest)), manifestSha256: createHash('sha256').update(await readFile(join(folder, 'manifest.json'))).digest('hex') };
  output.event('model', info);
  for (const [key, value] of Object.entries(info)) {
    output.print(`${key.padEnd(16)}${Array.isArray(value) && typeof value[0] === 'string' ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  return 0;
}

function summary({ name, version, kind, description, licence, input, files, graphs, modalities, tasks, classes, training }: Manifest): Readonly<Record<string, unknown>> {
  return {
    name, version, kind, description, licence,
    input: `${input.width}x${input.height}, sides ${input.min}..${input.max} in steps of ${input.multipleOf}`,
    modalities: MODALITIES.filter((m) => modalities[m]),
    tasks: tasks === undefined ? ['estimate'] : Object.entries(tasks).flatMap(([task, { available }]) => (available ? [task] : [])),
    graphs: Object.keys(graphs),
    classes: classes.map((c) => c.name),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files: files.map(({ path, bytes, sha256, licence: fileLicence }) => ({ path, bytes, sha256, licence: fileLicence })),
    ...(training !== undefined && { training }),
  };
}

function latentSummary({ name, version, kind, layout, description, licence, size, latents, tiles, files, graphs, modalities, tasks, sampler }: LatentManifest): Readonly<Record<string, unknown>> {
  const unit = latents.pixels * latents.patch;
  return {
    name, version, kind, layout, description, licence,
    input: `${size.frames} frames of ${size.width}x${size.height}, sides in steps of ${unit}, ${latents.frames}k+1 frames`,
    modalities: MODALITIES.filter((m) => modalities[m]),
    tasks: Object.entries(tasks).flatMap(([task, { available }]) => (available ? [task] : [])),
    graphs: Object.keys(graphs),
    sampler: `${sampler.type}, ${sampler.steps} steps, shift ${sampler.shift}`,
    tiles: `${tiles.size * latents.pixels} pixels, ${tiles.overlap * latents.pixels} shared`,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files: files.map(({ path, bytes, sha256, licence: fileLicence }) => ({ path, bytes, sha256, licence: fileLicence })),
  };
}

/** `sextant model verify`: size and hash of every file; exit code 1 where one is wrong. Without a name, all models. */
export async function verify(nameOrFolder: string | undefined, work: Work): Promise<number> {
  const { output } = work;
  const models = nameOrFolder === undefined ? await listModels() : [{ name: basename(nameOrFolder), folder: await locateModel(nameOrFolder) }];
  let damaged = 0;
  for (const { name, folder } of models) {
    try {
      const manifest = await readAny(folder);
      await verifyFiles(folder, manifest);
      output.event('verified', { name: manifest.name, version: manifest.version, folder, files: manifest.files.length });
      output.print(`ok    ${manifest.name} ${manifest.version}: ${manifest.files.length} files as the manifest says`);
    } catch (error) {
      damaged += 1;
      output.error(SextantError.from(error));
      output.print(`fail  ${name}`);
    }
  }
  return damaged === 0 ? 0 : 1;
}
