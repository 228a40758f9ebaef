import { MODALITIES, SextantError, type Modality } from '@sextant/core';
import type { Manifest } from '../manifest/schema.js';
import { parseModalities } from '../model.js';
import type { Size } from '../runtime/grid.js';
import { requireTask } from '../tasks.js';
import { readPrompt, type ReadPrompt } from '../text/read-prompt.js';
import { WordMeanings } from '../text/word-meanings.js';
import { checkMemory } from './memory.js';
import { UNGUIDED } from './guidance.js';
import type { Guidance } from './guidance.js';
import type { PaintingModel } from './painting-model.js';
import { SAMPLERS, type SamplerName } from './samplers.js';

/** What a clip shall be. */
export interface GenerateSettings {
  /** Frames in all. */
  readonly frames: number;
  /** generate: which modalities the condition gives; joint: which are made beside the picture. */
  readonly modalities: readonly Modality[];
  /** What is to be seen; empty for whatever comes. @default '' */
  readonly prompt?: string;
  /** What is not to be seen; needs text guidance above 1, and acts where that does: see `guidance`. @default '' */
  readonly negative?: string;
  /** Names the noise: 0 to 2^53 - 1. @default 0 */
  readonly seed?: number;
  /** Sides are multiples of the manifest's `input.multipleOf`. @default the task's `size` in the manifest */
  readonly size?: Size;
  /** Steps from noise to a picture, 1 to 1000. @default the manifest's */
  readonly steps?: number;
  /** Where the steps lie: above 1 more of them where it is noisy. @default the manifest's */
  readonly shift?: number;
  /** @default the manifest's */
  readonly sampler?: SamplerName;
  /**
   * Weight of the prompt, 0 to 20; 1 is no guidance and one run of the network a step, 0 ignores the prompt. A task whose manifest says
   * `guidance.above` is guided at noise levels over that only; below, it heeds the prompt with weight 1 (0 stays 0) and no negative prompt. Frames
   * that continue from a level no higher than it (`sampler.continueAt`; `joint` of models/nano: both .5, so from the second frame on) are guided
   * in their repaint alone. Where the manifest says `guidance.later`, frames after the first have that share of what is above 1 (models/nano: none of it),
   * and of what guidance adds along the picture itself `guidance.parallel` is left (none of it either). @default the manifest's (1 without a prompt)
   */
  readonly guidance?: number;
  /** Weight of the condition, 0 to 20; generate only. For frames after the first see `guidance`. @default the manifest's */
  readonly conditionGuidance?: number;
  /** Frames per second, whole, for the stamps. @default 30 */
  readonly fps?: number;
  /** Focal length in pixels of the grid, where the condition does not say. @default 0.9 * width */
  readonly focal?: number;
  /** Memory that may be used, bytes. @default what the system has left */
  readonly memoryBytes?: number;
}

/** Settings with nothing left open. */
export interface Settled {
  readonly frames: number;
  readonly modalities: readonly Modality[];
  readonly grid: Size;
  readonly caption: ReadPrompt;
  readonly negative: ReadPrompt;
  readonly seed: number;
  readonly steps: number;
  readonly shift: number;
  readonly sampler: SamplerName;
  readonly guidance: Guidance;
  /** joint: how the picture is made once more from the finished streams. */
  readonly repaint?: Pick<Settled, 'sampler' | 'steps' | 'shift' | 'guidance'>;
  readonly fps: number;
  readonly focal: number;
  readonly referenceFocal: number;
  /** What an estimate says that the work will hold at most, bytes. */
  readonly memoryBytes: number;
}

/**
 * Checks settings and fills in what the model's manifest says of the rest.
 * @throws SextantError `unsupported`, `bad-argument`, `too-large`.
 */
export async function settle(model: Pick<PaintingModel, 'manifest' | 'folder'>, task: 'generate' | 'joint', settings: GenerateSettings): Promise<Settled> {
  const { manifest, folder } = model;
  const spec = requireTask(manifest, task);
  const { sampler: own } = spec;
  if (own.type === 'one-step') throw new SextantError('unsupported', `task ${task} of model ${manifest.name} has no sampler of several steps`, { hint: 'See tasks in its manifest.' });
  const fail = (message: string, hint: string, details: Record<string, unknown>): never => {
    throw new SextantError('bad-argument', message, { hint, details });
  };
  const number = (name: string, value: number, least: number, most: number, whole = true): number =>
    (whole ? Number.isInteger(value) : Number.isFinite(value)) && value >= least && value <= most ? value : fail(`${name} is ${value}`, `Give a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`, { [name]: value });

  const modalities = parseModalities(settings.modalities, MODALITIES.filter((m) => manifest.modalities[m]));
  if (modalities.length === 0) fail(`${task} has no modality`, `Name at least one of ${MODALITIES.join(', ')}.`, {});
  const grid = checkGrid(settings.size ?? spec.size ?? manifest.input, manifest);
  const { sampler = own.type } = settings;
  if (!SAMPLERS.includes(sampler)) fail(`unknown sampler "${sampler}"`, `Samplers: ${SAMPLERS.join(', ')}.`, { sampler });
  if (task === 'joint' && settings.conditionGuidance !== undefined) fail('joint generation has no condition to be guided by', 'Leave the condition\'s guidance out.', {});

  const { text } = manifest;
  const length = text?.captionLength;
  const [prompt, negative] = [settings.prompt ?? '', settings.negative ?? ''];
  if ((text === undefined || length === undefined) && `${prompt}${negative}`.trim() !== '') fail(`model ${manifest.name} reads no sentences`, 'Leave the prompt out.', { prompt });
  const meanings = text && (await WordMeanings.read(folder, text));
  const read = (sentence: string, what: string): ReadPrompt => (text && length !== undefined ? readPrompt(sentence, text, meanings, length, what) : { ids: [], words: [], replaced: [], cut: [] });
  const [caption, unwanted] = [read(prompt, 'prompt'), read(negative, 'negative prompt')];
  const said = caption.words.length + unwanted.words.length > 0;
  const usual = { ...UNGUIDED, ...spec.guidance };
  const guidance = {
    ...usual,
    text: number('guidance', settings.guidance ?? (said ? usual.text : 1), 0, 20, false),
    condition: task === 'joint' ? 1 : number('conditionGuidance', settings.conditionGuidance ?? usual.condition, 0, 20, false),
  };
  if (unwanted.words.length > 0) checkNegative(guidance.text);
  const from = task === 'joint' && spec.repaint ? manifest.tasks?.generate : undefined;
  const repainting = { ...UNGUIDED, ...from?.guidance };
  const repaint = from && from.sampler.type !== 'one-step' && {
    sampler: from.sampler.type, steps: from.sampler.steps, shift: from.sampler.shift,
    // No more of it than task generate has: what the streams have already need not be said so loudly.
    guidance: { ...repainting, text: Math.min(guidance.text, repainting.text) },
  };
  const settled = {
    ...(repaint && { repaint }),
    frames: number('frames', settings.frames, 1, 1e9), modalities, grid, caption, negative: unwanted, guidance, sampler,
    seed: number('seed', settings.seed ?? 0, 0, Number.MAX_SAFE_INTEGER),
    steps: number('steps', settings.steps ?? own.steps, 1, 1000),
    shift: number('shift', settings.shift ?? own.shift, 0.01, 100, false),
    fps: number('fps', settings.fps ?? 30, 1, 1000),
    focal: number('focal', settings.focal ?? 0.9 * grid.width, 1e-3, 1e9, false),
    referenceFocal: referenceFocalOf(manifest),
  };
  return { ...settled, memoryBytes: checkMemory(manifest, task, grid, settings.memoryBytes) };
}

/**
 * Whether guidance leads away from a negative prompt: below 1 it leads towards it, and with 0 nothing else is made.
 * @throws SextantError `bad-argument`.
 */
export function checkNegative(guidance: number): void {
  if (guidance > 1) return;
  throw new SextantError('bad-argument', guidance === 1 ? 'a negative prompt has no effect with guidance 1' : `with guidance ${guidance} what a negative prompt names would be made, not left out`, { hint: 'Give a guidance above 1.', details: { guidance } });
}

/** Focal length at which the model's depth is meant; depth of estimators and unscaled models is as given. */
export function referenceFocalOf({ modalities }: Manifest): number {
  const codec = modalities.depth?.codec;
  return codec && 'referenceFocal' in codec && codec.referenceFocal !== undefined ? codec.referenceFocal : 1;
}

function checkGrid({ width, height }: Size, { input, name }: Manifest): Size {
  const { min, max, multipleOf } = input;
  for (const side of [width, height]) {
    if (Number.isInteger(side) && side >= min && side <= max && side % multipleOf === 0) continue;
    const near = [width, height].map((s) => Math.max(min, Math.min(max, Math.round(s / multipleOf) * multipleOf || min)));
    throw new SextantError('bad-argument', `size ${width}x${height} does not suit model ${name}: ${side} is not a multiple of ${multipleOf} from ${min} to ${max}`, {
      hint: `Near to it is ${near.join('x')}.`,
      details: { width, height, min, max, multipleOf },
    });
  }
  return { width, height };
}
