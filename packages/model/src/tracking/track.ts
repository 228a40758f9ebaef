import type { Perception } from '@sextant/core';
import { defer, map, type OperatorFunction } from 'rxjs';
import { Tracker, checkTrackOptions, type TrackOptions } from './tracker.js';

export type { TrackOptions } from './tracker.js';

/**
 * Gives things and people ids that last: `camera.pipe(estimate(model, ...), track())`. An instance of the segmentation,
 * a skeleton or a DensePose body keeps its id from frame to frame; a person has one id in all three.
 *
 * - Frame to frame, observations of one class are matched by the overlap of their masks and boxes (skeletons alone: boxes and
 *   joints), moved by the flow field where there is one from the frame before (`FlowField.since`) and at constant velocity otherwise, to the largest total (Kuhn-Munkres).
 * - Which side of a person is seen (`Person.front`) is averaged over half a second, and left and right joints and body parts are by that: they do not flicker.
 * - A thing out of sight for less than `memory` seconds comes back under its id; frames without maps show nothing.
 * - Ids last when maps are added or left out and their sizes change with that: for one frame things are matched by boxes and joints alone.
 * - An id is never given to a second thing within a subscription, unless all 65535 were used.
 * - Everything is forgotten where the perception says that its stream was reset, at another picture size, and where the
 *   stamps stand still, go back or jump by more than a second. Ids still go on counting.
 *
 * Pass perceptions in order and at the model's resolution (before `fullResolution`, which keeps ids and costs more afterwards).
 * @throws SextantError `bad-argument` for options outside their ranges.
 */
export function track(options: TrackOptions = {}): OperatorFunction<Perception, Perception> {
  checkTrackOptions(options);
  return (perceptions) =>
    defer(() => {
      const tracker = new Tracker(options);
      return perceptions.pipe(map((perception) => tracker.update(perception)));
    });
}
