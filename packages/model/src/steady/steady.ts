import type { Perception } from '@sextant/core';
import { defer, map, type OperatorFunction } from 'rxjs';
import { Steadier, checkStrength, type SteadyOptions } from './steadier.js';

export type { SteadyOptions } from './steadier.js';

/**
 * Depth that does not flicker: `estimate(model, ['depth', 'flow']), steady()`. Every pixel's ln z is averaged over time by a
 * Kalman filter that follows the surface along the flow field, with the variance that the depth's confidence states.
 *
 * It does not lag: the new inference stands alone where the flow is not confident (the surface was hidden), where it and
 * the average differ by more than their uncertainty, and where the differences keep their sign, as they do when something
 * really comes nearer (tracking signal of Trigg and Leach, 1967). A change of the whole picture is parted into what the
 * camera's own motion explains, which is followed at once, and the scale of the estimate, whose flicker is averaged.
 *
 * Depth passes unchanged in frames without flow (or whose flow is counted from a frame that was left out, `FlowField.since`) or without
 * confidence, and in the first frame of a stream; so do all other maps, and the confidence, which remains that of the newest inference. Not part of `sextant run` unless asked for.
 * @throws SextantError `bad-argument` for a strength outside 0..1.
 */
export function steady(options: SteadyOptions = {}): OperatorFunction<Perception, Perception> {
  checkStrength(options);
  return (perceptions) =>
    defer(() => {
      const steadier = new Steadier(options);
      return perceptions.pipe(map((perception) => steadier.update(perception)));
    });
}
