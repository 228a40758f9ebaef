import { MODALITIES, SextantError, type Modality } from '@sextant/core';
import { SAMPLERS, type SamplerName } from '../generate/samplers.js';
import { checkNegative } from '../generate/settings.js';
import type { Size } from '../runtime/grid.js';
import { TASKS, type Task } from '../tasks.js';
import { checkLatentMemory } from './memory.js';
import { PromptTokenizer, type PromptTokens } from './prompt-tokens.js';
import type { LatentManifest } from './schema.js';

/** What a clip shall be. */
export interface LatentSettings {
  /** estimate: the modality from RGB; generate: RGB from the modality; joint: both from the sentence. */
  readonly task: Task;
  /** The second stream; the released model takes one at a time. */
  readonly modality: Modality;
  /** @default '' */
  readonly prompt?: string;
  /** What is not to be seen; needs guidance above 1. @default '' */
  readonly negative?: string;
  /** 4k+1 for the released VAE. @default the manifest's */
  readonly frames?: number;
  /** @default the manifest's */
  readonly size?: Size;
  /** 1 to 1000. @default the manifest's */
  readonly steps?: number;
  /** 1: equal steps. @default the manifest's */
  readonly shift?: number;
  /** @default the manifest's */
  readonly sampler?: SamplerName;
  /** Weight of the prompt, 0 to 20. @default 1: none, as the released script samples */
  readonly guidance?: number;
  /** Names the noise: 0 to 2^53 - 1. @default 0 */
  readonly seed?: number;
  /** Memory that may be used, bytes. @default what the system has left */
  readonly memoryBytes?: number;
}

/** Settings with nothing left open. */
export interface SettledLatents {
  readonly task: Task;
  readonly modality: Modality;
  readonly prompt: PromptTokens;
  readonly negative: PromptTokens;
  /** The modality's own prompt, from the manifest. */
  readonly modalityPrompt: PromptTokens;
  readonly frames: number;
  readonly size: Size;
  readonly steps: number;
  readonly shift: number;
  readonly sampler: SamplerName;
  readonly guidance: number;
  readonly seed: number;
  /** What an estimate says that the work will hold at most, bytes. */
  readonly memoryBytes: number;
}

/**
 * Checks settings and fills in the rest from the manifest.
 * @throws SextantError `unsupported`, `bad-argument`, `too-large`, `model-missing`, `model-damaged` (the tokenizer).
 */
export async function settleLatents(folder: string, manifest: LatentManifest, settings: LatentSettings): Promise<SettledLatents> {
  const { task, modality } = settings;
  const { latents, sampler: own } = manifest;
  const fail = (message: string, hint: string, details: Record<string, unknown>): never => {
    throw new SextantError('bad-argument', message, { hint, details });
  };
  const number = (name: string, value: number, least: number, most: number, whole = true): number =>
    (whole ? Number.isInteger(value) : Number.isFinite(value)) && value >= least && value <= most ? value : fail(`${name} is ${value}`, `Give a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`, { [name]: value });

  if (!(task in TASKS)) fail(`unknown task "${task}"`, `Tasks: ${Object.keys(TASKS).join(', ')}.`, { task });
  const available = Object.entries(manifest.tasks).flatMap(([name, t]) => (t.available ? [name] : []));
  if (!manifest.tasks[task].available) throw new SextantError('unsupported', `model ${manifest.name} ${manifest.version} cannot ${task}`, { hint: `Its tasks: ${available.join(', ') || 'none'}.`, details: { task, available } });
  const known = MODALITIES.filter((m) => manifest.modalities[m]);
  if (!known.includes(modality)) fail(`model ${manifest.name} has no modality "${modality}"`, `Modalities: ${known.join(', ')}.`, { modality, known });

  const frames = number('frames', settings.frames ?? manifest.size.frames, 1, 1e6);
  if ((frames - 1) % latents.frames !== 0) {
    const below = Math.floor((frames - 1) / latents.frames) * latents.frames + 1;
    fail(`${frames} frames do not suit model ${manifest.name}: a latent holds ${latents.frames} frames after the first`, `Ask for ${below} or ${below + latents.frames} frames.`, { frames, multipleOf: latents.frames });
  }
  const size = settings.size ?? { width: manifest.size.width, height: manifest.size.height };
  const unit = latents.pixels * latents.patch;
  for (const side of [size.width, size.height]) {
    if (Number.isInteger(side) && side >= unit && side % unit === 0) continue;
    const near = [size.width, size.height].map((s) => Math.max(unit, Math.round(s / unit) * unit || unit));
    fail(`size ${size.width}x${size.height} does not suit model ${manifest.name}: ${side} is not a multiple of ${unit}`, `Near to it is ${near.join('x')}.`, { ...size, multipleOf: unit });
  }
  const { sampler = own.type } = settings;
  if (!SAMPLERS.includes(sampler)) fail(`unknown sampler "${sampler}"`, `Samplers: ${SAMPLERS.join(', ')}.`, { sampler });

  const tokenizer = await PromptTokenizer.read(folder, manifest);
  const guidance = number('guidance', settings.guidance ?? 1, 0, 20, false);
  const negative = settings.negative ?? '';
  if (negative.trim() !== '') checkNegative(guidance);
  return {
    task, modality, frames, size, sampler, guidance,
    prompt: tokenizer.read(settings.prompt ?? ''), negative: tokenizer.read(negative, 'negative prompt'), modalityPrompt: tokenizer.read(manifest.modalities[modality]!.prompt, 'modality prompt'),
    steps: number('steps', settings.steps ?? own.steps, 1, 1000), shift: number('shift', settings.shift ?? own.shift, 0.01, 100, false),
    seed: number('seed', settings.seed ?? 0, 0, Number.MAX_SAFE_INTEGER), memoryBytes: checkLatentMemory(manifest, size, frames, settings.memoryBytes),
  };
}
