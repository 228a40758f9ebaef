import { MODALITIES, SextantError, type Modality } from '@sextant/core';
import type { Manifest, TaskSpec, TextSpec } from './manifest/schema.js';

/** What the unified model can be asked to do. */
export type Task = 'estimate' | 'generate' | 'joint';

/** State of a token stream at the start of sampling: clean (time 0) or pure noise (time 1). */
export type StreamState = 'clean' | 'noised';

/**
 * Dynamic noise scheduling (UnityVideo, arXiv 2512.07831, section 3.2): which stream is noised *is* the task. Everything
 * that depends on the task is derived from this table.
 */
export const TASKS: Readonly<Record<Task, { readonly rgb: StreamState; readonly modality: StreamState }>> = {
  estimate: { rgb: 'clean', modality: 'noised' },
  generate: { rgb: 'noised', modality: 'clean' },
  joint: { rgb: 'noised', modality: 'noised' },
};

/** Flow-matching time of a stream at the start of sampling: z = (1 - t) x + t noise. */
export function startTime(state: StreamState): 0 | 1 {
  return state === 'clean' ? 0 : 1;
}

/**
 * The task's entry in the manifest. An estimator is a model that can only estimate.
 * @throws SextantError `unsupported`, naming what the model can do.
 */
export function requireTask(manifest: Manifest, task: Task): TaskSpec {
  const tasks = manifest.tasks ?? { estimate: { available: true, sampler: { type: 'one-step' } } satisfies TaskSpec };
  const spec = (tasks as Partial<Record<Task, TaskSpec>>)[task];
  const available = Object.entries(tasks as Readonly<Record<string, TaskSpec>>).flatMap(([name, t]) => (t.available ? [name] : []));
  if (!spec?.available) {
    throw new SextantError('unsupported', `model ${manifest.name} ${manifest.version} cannot ${task}`, {
      hint: `Its tasks: ${available.join(', ') || 'none'}.`,
      details: { model: manifest.name, task, available },
    });
  }
  if (task === 'estimate' && spec.sampler.type !== 'one-step') {
    throw new SextantError('unsupported', `task ${task} of model ${manifest.name} wants the "${spec.sampler.type}" sampler`, {
      hint: 'This build estimates with the "one-step" sampler.',
      details: { model: manifest.name, task, sampler: spec.sampler.type },
    });
  }
  return spec;
}

/** One ONNX input made from the task, with its shape. */
export interface TaskTensor {
  readonly type: 'float32' | 'int64';
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** float32 [1, 5]: 1 for every modality asked for, in the order of MODALITIES. */
export function selectTensor(modalities: ReadonlySet<Modality>): TaskTensor {
  return { type: 'float32', data: Float32Array.from(MODALITIES, (m) => (modalities.has(m) ? 1 : 0)), dims: [1, MODALITIES.length] };
}

/** float32 [1]: noise level of the modality stream as sampling starts. */
export function timeTensor(task: Task): TaskTensor {
  return { type: 'float32', data: Float32Array.of(startTime(TASKS[task].modality)), dims: [1] };
}

/**
 * float32 [1, 15, H/stride, W/stride]: the five noised 3-channel streams. One-step sampling starts from the mean of the
 * noise, zero, so that the same frame always gives the same answer.
 */
export function noiseTensor(height: number, width: number, stride: number): TaskTensor {
  const [h, w] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const channels = MODALITIES.length * 3;
  return { type: 'float32', data: new Float32Array(channels * h * w), dims: [1, channels, h, w] };
}

/** int64 [1, 5, L]: word ids of the selected modalities' prompts, 0 = padding. */
export function promptTensor(manifest: Manifest, modalities: ReadonlySet<Modality>): TaskTensor {
  const text = manifest.text;
  if (!text) throw new SextantError('internal', 'task.prompt without text in the manifest', { hint: 'The manifest check should have refused it.' });
  const data = new BigInt64Array(MODALITIES.length * text.promptLength);
  MODALITIES.forEach((m, row) => {
    if (!modalities.has(m)) return;
    promptIds(manifest.modalities[m]?.prompt ?? '', text).ids.forEach((id, i) => {
      data[row * text.promptLength + i] = BigInt(id);
    });
  });
  return { type: 'int64', data, dims: [1, MODALITIES.length, text.promptLength] };
}

/** Word ids of a prompt: lower case, punctuation dropped. `unknown` is the first word without an id or beyond the length. */
export function promptIds(prompt: string, text: Pick<TextSpec, 'vocabulary' | 'promptLength'>): { ids: number[]; unknown?: string } {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const ids: number[] = [];
  for (const word of words) {
    const id = text.vocabulary.indexOf(word);
    if (id <= 0 || ids.length === text.promptLength) return { ids, unknown: word };
    ids.push(id);
  }
  return { ids };
}
