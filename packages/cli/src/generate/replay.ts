import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MODALITIES, SextantError } from '@sextant/core';
import { createHash } from 'node:crypto';
import { SAMPLERS, locateModel } from '@sextant/model';
import type { DeviceChoice } from '@sextant/model';
import { z } from 'zod';
import { REJECTED, type Work } from '../cli/session.js';
import { clipManifest } from '../clip/claim-folder.js';
import { make } from './make.js';
import type { MakeOptions, MakeSettings } from './settings.js';

const side = z.number().int().positive();
const folder = z.string().min(1);

/** What a manifest of generate or joint says that a replay needs. */
const schema = z.object({
  complete: z.boolean(),
  model: z.object({ name: z.string(), manifestSha256: z.string(), device: z.enum(['cpu', 'webgpu', 'cuda']) }),
  settings: z.object({
    task: z.enum(['generate', 'joint']),
    conditions: z.partialRecord(z.enum(MODALITIES), folder),
    palette: z.union([z.object({ from: z.literal('folder'), path: folder }), z.object({ from: z.literal('classes') }), z.null()]),
    modalities: z.array(z.enum(MODALITIES)).min(1),
    prompt: z.string(), negative: z.string(), frames: side, size: z.object({ width: side, height: side }), steps: side, shift: z.number().positive(),
    sampler: z.enum(SAMPLERS), guidance: z.number(), conditionGuidance: z.number().nullable(), seed: z.number().int().nonnegative(), fps: side,
  }),
  frames: z.array(z.object({ index: z.number().int(), sha256: z.string(), conditionSha256: z.string().optional() })),
});

/** Where to and how; what of it the manifest says too is the manifest's where it is absent. */
export interface ReplayOptions extends MakeOptions {
  /** Where the model lies. */
  readonly model?: string | undefined;
  /** Another device than the clip's may give other bytes. */
  readonly device?: DeviceChoice | undefined;
}

/**
 * `--replay`: makes the clip of a manifest anew into another folder and compares the bytes of every picture. Returns the exit code: 1 where one differs, 3 where the check rejects.
 * @throws SextantError `bad-config` for no such manifest, `unsupported` where the model is another one, `bad-argument` where it would be compared with itself, or with a clip that is there already.
 */
export async function replay(file: string, options: ReplayOptions, work: Work): Promise<number> {
  const { model, settings, frames } = await readReplay(file);
  const name = options.model ?? model.name;
  const sha256 = createHash('sha256').update(await readFile(join(await locateModel(name), 'manifest.json'))).digest('hex');
  if (sha256 !== model.manifestSha256) {
    throw new SextantError('unsupported', `${file} was made with another ${model.name}: its manifest's SHA-256 is ${model.manifestSha256}, here it is ${sha256}`, { hint: 'Name the folder of that model with --model, or make the clip anew without --replay.', details: { wanted: model.manifestSha256, found: sha256 } });
  }
  const here = dirname(resolve(file));
  // A folder is meant as it was given, or beside the manifest.
  const found = (path: string): string => (existsSync(path) ? path : resolve(here, path));
  const { palette, conditionGuidance, ...rest } = settings;
  const again: MakeSettings = {
    ...rest, model: name, device: options.device ?? model.device, conditions: Object.fromEntries(Object.entries(settings.conditions).map(([m, path]) => [m, found(path)])),
    ...(palette && { palette: palette.from === 'folder' ? { ...palette, path: found(palette.path) } : palette }), ...(conditionGuidance !== null && { conditionGuidance }),
  };
  await refuseFolder(file, options);
  const made = await make(again, options, work);
  if (!made.complete) return 0;
  const now = z.object({ frames: schema.shape.frames }).parse(JSON.parse(await readFile(join(options.out, 'manifest.json'), 'utf8')));
  const other = (key: 'sha256' | 'conditionSha256'): number[] => frames.filter((frame) => now.frames.find(({ index }) => index === frame.index)?.[key] !== frame[key]).map(({ index }) => index);
  const [differ, conditions] = [other('sha256'), other('conditionSha256')];
  work.output.event('replayed', { frames: frames.length, same: frames.length - differ.length, differ, conditionsDiffer: conditions });
  work.output.print(differ.length === 0 ? `all ${frames.length} frames have the same bytes` : `${differ.length} of ${frames.length} frames have other bytes, the first is ${differ[0]}${conditions.length > 0 ? ' (the files of the condition are others too)' : ''}`);
  return differ.length > 0 ? 1 : made.agreement?.accepted === false ? REJECTED : 0;
}

/** A clip that is there already proves nothing: its pictures are not made anew. */
async function refuseFolder(file: string, { out, overwrite = false }: MakeOptions): Promise<void> {
  const [given, there] = await Promise.all([file, join(out, 'manifest.json')].map((path) => realpath(path).catch(() => resolve(path))));
  const wrong = given === there ? `--out ${out} is the folder of the clip that is to be made anew` : !overwrite && (await clipManifest(out))?.complete === true ? `${out} holds a whole clip already, which would be compared without making a picture` : undefined;
  if (wrong !== undefined) throw new SextantError('bad-argument', wrong, { hint: given === there ? 'Choose another folder.' : 'Choose another folder, or give --overwrite to delete that clip.', details: { file, out } });
}

async function readReplay(file: string): Promise<z.output<typeof schema>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new SextantError('bad-config', `${file} cannot be read: ${(cause as Error).message}`, { hint: 'Give the manifest.json that sextant generate or joint wrote.', details: { file }, cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SextantError('bad-config', `${file} is no manifest of generate or joint: ${problems[0]}`, { hint: 'Give the manifest.json that sextant generate or joint wrote.', details: { file, problems } });
}
