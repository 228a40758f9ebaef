import type { Modality } from '@sextant/core';
import type { WorkerModel } from '@sextant/model';
import { combineLatest, map, startWith } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * What a run can be asked for: what its settings allow and, once it is loaded, the model has, of which what the parameter `modalities` allows now.
 * @param allowed$ that parameter
 */
export function offered(modalities: readonly Modality[], model$: Observable<Pick<WorkerModel, 'modalities'>>, allowed$: Observable<unknown>): Observable<readonly Modality[]> {
  const possible$ = model$.pipe(map((model) => modalities.filter((name) => model.modalities.includes(name))), startWith(modalities));
  return combineLatest([possible$, allowed$]).pipe(map(([possible, allowed]) => possible.filter((name) => (allowed as readonly string[]).includes(name))));
}
