import { parseThresholds, type Threshold } from '@sextant/synth';
import { list, reworded } from './parse.js';

/** `--reject`: bounds on the agreement, comma-separated; may be given several times. */
export function thresholds(text: string, before: readonly Threshold[] = []): readonly Threshold[] {
  const spelled = before.map(({ modality, figure, bound }) => `${modality}.${figure}=${bound}`);
  return reworded(() => parseThresholds([...spelled, ...list(text)]));
}
