import { MODALITIES } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { parseModalities, parseScale } from '@sextant/model';
import { InvalidArgumentError } from 'commander';
import { list, reworded } from './parse.js';

/** `--modalities`: a comma-separated list, or `all`. */
export function modalities(text: string): readonly Modality[] {
  const words = list(text);
  if (words.length === 0) throw new InvalidArgumentError(`Give at least one of ${MODALITIES.join(', ')}, separated by commas.`);
  if (words.length === 1 && words[0] === 'all') return MODALITIES;
  return reworded(() => parseModalities(words));
}

/** `--scale`: checked here, read again by the run. */
export function scale(text: string): string {
  reworded(() => parseScale(text));
  return text;
}
