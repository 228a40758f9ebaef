import { SextantError } from '@sextant/core';
import type { Modality } from '@sextant/core';

/** What steady depth is made from. */
const NEEDED: readonly Modality[] = ['depth', 'flow'];

/** Finds out whether `--steady` has what it needs. @throws SextantError `bad-argument` where depth or flow is not among `modalities`. */
export function checkSteady(modalities: readonly Modality[]): void {
  const missing = NEEDED.filter((modality) => !modalities.includes(modality));
  if (missing.length === 0) return;
  throw new SextantError('bad-argument', `--steady averages depth along the flow, and there is no ${missing.join(' and no ')} among the modalities ${modalities.join(', ')}`, {
    hint: 'Add depth and flow to --modalities, or leave --steady out.',
    details: { missing, modalities },
  });
}

/** The modalities to run for what is listened to: steady depth needs flow, whether anybody listens to that or not. */
export function withSteady(wanted: readonly Modality[]): readonly Modality[] {
  return wanted.includes('depth') && !wanted.includes('flow') ? [...wanted, 'flow'] : wanted;
}
