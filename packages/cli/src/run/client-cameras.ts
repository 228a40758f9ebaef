import type { DropCounter } from '@sextant/core';
import type { Perceive } from '@sextant/gateway';
import { estimate, fullResolution, track } from '@sextant/model';
import type { Turns, WorkerModel } from '@sextant/model';
import type { Observable } from 'rxjs';
import { identity, map, switchMap } from 'rxjs';
import type { RunPrompt } from './prompt.js';
import type { RunSettings } from './settings.js';

/** Drops of clients' cameras are counted in their own name: a browser that sends too fast says nothing about the robot's camera. */
const WHERE = 'client-cameras';

/**
 * What becomes of cameras that browsers send to /masks: each a stream of its own through the one model, by turns with the run's source,
 * with lasting ids of its own. Cameras may come before the model is loaded: the port opens first, and pages are there at once after a restart.
 * @param model$ the model, once it is loaded
 */
export function clientCameras(model$: Observable<WorkerModel>, turns: Turns, settings: RunSettings, drops: DropCounter, prompt: RunPrompt): Perceive {
  return (frames$, wanted$, referred$) =>
    model$.pipe(switchMap((model) => {
      const possible = settings.modalities.filter((modality) => model.modalities.includes(modality));
      return frames$.pipe(
        estimate(model, wanted$.pipe(map((wanted) => possible.filter((modality) => wanted.includes(modality)))), {
          turns, drops: { add: (_where, count) => { drops.add(WHERE, count); } }, memory: settings.memory ?? true, closeUps: settings.closeUps ?? 0, prompts: prompt.prompts$([referred$]),
        }),
        track(),
        settings.resolution === 'camera' ? fullResolution() : identity,
      );
    }));
}
