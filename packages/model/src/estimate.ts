import { SextantError, latestWins, type DropSink, type Frame, type Modality, type Perception } from '@sextant/core';
import { EMPTY, Observable, catchError, finalize, from, isObservable, mergeMap, of, type OperatorFunction } from 'rxjs';
import { inOrder } from './in-order.js';
import { parseModalities, type Model, type RunOptions } from './model.js';
import { isRestarting } from './runtime/host.js';
import { inTurn, type Turns } from './turns.js';

export interface EstimateOptions {
  /** Counts frames that were overtaken (`model`) and frames that died with a worker (`model-restart`). */
  readonly drops?: DropSink;
  /**
   * `latest`: a frame that comes while the model is busy waits until a newer one replaces it. `every`: none is dropped
   * and they queue; for sources that are files. @default 'latest'
   */
  readonly policy?: 'latest' | 'every';
  /**
   * Frames handed to the worker at once. 2 lets it start the next frame without waiting for this process, at the price
   * of a result that is up to one frame older. Results come in the order of the frames: one that is ready before an earlier one waits for it. @default 1
   */
  readonly concurrency?: number;
  /** Whether the network may use what it kept of earlier frames: see `RunOptions.memory`. @default true */
  readonly memory?: boolean;
  /** Views of each frame that are averaged: see `RunOptions.steps`. @default 1 */
  readonly steps?: number;
  /** People of each frame that are looked at again from nearby: see `RunOptions.closeUps`. @default 0 */
  readonly closeUps?: number;
  /** Text instead of the modalities' own prompts: see `RunOptions.prompts`. It may change over time; a prompt that cannot be read is an error of the stream. */
  readonly prompts?: RunOptions['prompts'] | Observable<RunOptions['prompts']>;
  /** Several streams share the model by turns; `latest` only. A frame is chosen when the turn comes: the newest. @default no turns */
  readonly turns?: Turns;
}

/** What frames are dropped under. */
const OVERTAKEN = 'model';
const DIED = 'model-restart';

let streams = 0;

/**
 * Frames in, perceptions out: `camera.pipe(estimate(model, ['depth', 'flow']))`. `modalities` may change over time (an
 * observable of sets): each frame is run for the newest set, and with an empty one (and no prompt) it goes by without inference, as
 * `{ frame, latencyMs }`. Each subscription is a stream of its own to the model; unsubscribing releases it, not the
 * model. A frame lost to a worker that died is counted and the run goes on; other errors of the model are errors here, after the
 * results of the frames before.
 * @throws SextantError `bad-argument`: unknown modality, a concurrency that is not a positive integer.
 */
export function estimate(
  model: Model,
  modalities: readonly Modality[] | Observable<readonly Modality[]>,
  options: EstimateOptions = {},
): OperatorFunction<Frame, Perception> {
  const { drops, policy = 'latest', concurrency = 1, memory = true, steps = 1, closeUps = 0, turns } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new SextantError('bad-argument', `estimate cannot hand ${concurrency} frames to the worker at once`, { hint: 'Give a concurrency of 1 or more.', details: { concurrency } });
  }
  const prompts$ = isObservable(options.prompts) ? options.prompts : of(options.prompts);
  if (!isObservable(modalities)) parseModalities(modalities, model.modalities);
  return (frames) =>
    new Observable<Perception>((subscriber) => {
      const stream = `estimate-${++streams}`;
      let wanted: readonly Modality[] = [];
      let prompts: RunOptions['prompts'];
      // Without a set yet nothing is wanted; a set that names what the model has not is an error of the stream.
      subscriber.add((isObservable(modalities) ? modalities : of(modalities)).subscribe({
        next: (set) => {
          try {
            wanted = parseModalities(set, model.modalities);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
      }));
      // On the subscriber, not on the modalities: prompts go on where those end.
      subscriber.add(prompts$.subscribe({ next: (text) => (prompts = text), error: (error: unknown) => subscriber.error(error) }));
      if (subscriber.closed) return;
      const lostOrFailed = (error: unknown): Observable<never> => {
        if (!isRestarting(error)) throw error;
        drops?.add(DIED);
        return EMPTY;
      };
      const run = inOrder((frame: Frame): Observable<Perception> =>
        wanted.length === 0 && prompts?.segmentation === undefined ? of({ frame, latencyMs: 0 }) : from(model.run(frame, wanted, { stream, memory, steps, closeUps, ...(prompts && { prompts }) })).pipe(catchError(lostOrFailed)));
      const schedule =
        policy === 'every'
          ? mergeMap(run, concurrency)
          : turns !== undefined
            ? inTurn(turns, run, { concurrency, where: OVERTAKEN, ...(drops ? { drops } : {}) })
            : latestWins(run, { concurrency, where: OVERTAKEN, ...(drops ? { drops } : {}) });
      frames
        .pipe(
          schedule,
          finalize(() => model.forget(stream)),
        )
        .subscribe(subscriber);
    });
}
