import { MASK_KINDS, MODALITIES, SextantError } from '@sextant/core';
import type { MaskKind, Modality } from '@sextant/core';
import { distinctUntilChanged, isObservable, map, of } from 'rxjs';
import type { Observable } from 'rxjs';

/** What a model computes for a server, always or as it changes. */
export type OfferedModalities = readonly Modality[] | Observable<readonly Modality[]>;

/**
 * What can be asked for where these modalities are computed: pictures and those; now, and whenever that changes.
 * @throws SextantError `bad-argument` for a list that names something else.
 */
export function offeredKinds(modalities: OfferedModalities): Observable<readonly MaskKind[]> {
  const unknown = isObservable(modalities) ? undefined : modalities.find((name) => !MODALITIES.includes(name));
  if (unknown !== undefined) throw new SextantError('bad-argument', `${JSON.stringify(unknown)} is no modality`, { hint: `Give some of ${MODALITIES.join(', ')}.`, details: { modalities } });
  return (isObservable(modalities) ? modalities : of(modalities)).pipe(
    map((computed) => MASK_KINDS.filter((kind) => kind === 'rgb' || computed.includes(kind))),
    distinctUntilChanged((before, now) => before.join() === now.join()),
  );
}
