import { MODALITIES, type Frame, type Modality, type Perception } from '@sextant/core';
import { Subscription, timer, type SchedulerLike } from 'rxjs';
import type { Model, RunOptions } from '../src/model.js';

/** One call of `run`. */
export interface DoubleCall {
  readonly sequence: number;
  readonly modalities: readonly Modality[];
  readonly stream: RunOptions['stream'];
  readonly phrase: string | undefined;
}

/**
 * A model that answers after `ms` of a scheduler's time with the bare frame, or with the error that `fail` gives for it.
 * Its promises settle in that time too (no microtask), so that marble tests can watch it.
 */
export function modelDouble(ms: number, scheduler: SchedulerLike, fail: (frame: Frame) => unknown = () => undefined) {
  const calls: DoubleCall[] = [];
  const forgotten: unknown[] = [];
  const model: Model = {
    name: 'double', version: '1', modalities: MODALITIES, classes: [], device: { name: 'cpu', refused: [] }, health: { restarts: 0, resets: {} },
    run(frame, modalities, options) {
      calls.push({ sequence: frame.sequence, modalities, stream: options?.stream, phrase: options?.prompts?.segmentation });
      const settled = {
        then(resolve: (p: Perception) => void, reject: (e: unknown) => void) {
          const error = fail(frame);
          timer(ms, scheduler).subscribe(() => (error === undefined ? resolve({ frame, latencyMs: ms }) : reject(error)));
          return { then: () => Subscription.EMPTY };
        },
      };
      return settled as unknown as Promise<Perception>;
    },
    forget: (stream) => void forgotten.push(stream),
    close: () => Promise.resolve(),
  };
  return { model, calls, forgotten };
}
