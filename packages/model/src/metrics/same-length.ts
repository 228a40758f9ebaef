import { SextantError } from '@sextant/core';

/** @throws SextantError `bad-argument` when a prediction and its truth differ in size. */
export function checkSameLength(what: string, prediction: number, truth: number): void {
  if (prediction === truth) return;
  throw new SextantError('bad-argument', `${what}: the prediction has ${prediction} values and the truth ${truth}`, {
    hint: 'Resample the prediction to the size of the truth first.',
    details: { what, prediction, truth },
  });
}
