import type { Tensor } from 'onnxruntime-node';
import { sample, type SamplerName } from '../generate/samplers.js';
import { TASKS, type Task } from '../tasks.js';
import { float, integers, scalar, type LoadedGraph } from './graphs.js';
import type { LatentManifest } from './schema.js';
import type { Latents } from './video-codec.js';

/** What the joint graph is told beside the latents. */
export interface LatentTask {
  readonly task: Task;
  /** `modalities.<name>.id`. */
  readonly modalityId: number;
  /** The text graph's output for the caption, and for the modality's prompt. */
  readonly context: Tensor;
  readonly modalityContext: Tensor;
  /** For the negative prompt, where `guidance` is not 1. */
  readonly negativeContext?: Tensor;
  readonly guidance: number;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly shift: number;
  /** Fills new noise, for samplers that need some at every step. */
  readonly noise: (out: Float32Array, stream: number, step: number) => void;
  readonly onStep?: (step: number) => Promise<void> | void;
}

/**
 * Both streams after sampling. Which of them is noise at the start, and changes, is the task (`TASKS`); a clean one stays as it is. Both are told
 * one timestep, that of the noised one, as the released model was trained. Returns fresh arrays for what was made.
 */
export async function sampleLatents(joint: LoadedGraph, { sampler }: LatentManifest, rgb: Latents, modality: Latents, told: LatentTask): Promise<{ rgb: Latents; modality: Latents }> {
  const { dims } = rgb;
  const made = (['rgb', 'modality'] as const).filter((stream) => TASKS[told.task][stream] === 'noised');
  const start = { rgb: rgb.data, modality: modality.data };
  const streams = { ...start, ...Object.fromEntries(made.map((stream) => [stream, start[stream].slice()])) };
  const [velocityRgb, velocityModality] = joint.spec.outputs;

  const look = async (z: readonly Float32Array[], t: number): Promise<Float32Array[]> => {
    const now = { ...streams, ...Object.fromEntries(made.map((stream, i) => [stream, z[i]])) };
    const velocities = async (context: Tensor): Promise<Float32Array[]> => {
      const out = await joint.run({
        'latents.rgb': float(now.rgb, dims), 'latents.modality': float(now.modality, dims), 'task.time': scalar(sampler.timeScale * t), 'task.modality': integers([told.modalityId], [1]),
        'text.context': context, 'text.modality': told.modalityContext,
      });
      const by = { rgb: out[velocityRgb].data as Float32Array, modality: out[velocityModality].data as Float32Array };
      return made.map((stream) => by[stream]);
    };
    const wanted = await velocities(told.context);
    const unwanted = told.negativeContext && told.guidance !== 1 ? await velocities(told.negativeContext) : undefined;
    // The sampler thinks in clean signals: x = z - t v.
    return z.map((values, i) => values.map((value, k) => {
      const v = wanted[i][k];
      const guided = unwanted ? unwanted[i][k] + told.guidance * (v - unwanted[i][k]) : v;
      return value - t * guided;
    }));
  };
  const noise = (out: Float32Array, index: number, step: number): void => told.noise(out, made[index] === 'rgb' ? 0 : 1, step);
  await sample(made.map((stream) => streams[stream]), look, { sampler: told.sampler, steps: told.steps, shift: told.shift, noise, onStep: (step) => told.onStep?.(step) });
  return { rgb: { data: streams.rgb, dims }, modality: { data: streams.modality, dims } };
}
