import { SextantError, type Modality } from '@sextant/core';
import type { CodecSpec, InputSpec, Manifest } from '../manifest/schema.js';
import type { Size } from '../runtime/grid.js';

/** One way of showing a frame to the network. */
export interface View {
  /** Left for right. */
  readonly mirrored: boolean;
  /** Side of the grid over that of the first view. */
  readonly scale: number;
}

/**
 * What the steps of an estimation are (test-time augmentation): step n shows the frame as the n-th of these, and the answer is the mean of
 * all of them. The order is that of the gain on rendered worlds; docs/refinement.md has the figures, and those of what was not kept.
 */
export const VIEWS: readonly View[] = [
  { mirrored: false, scale: 1 },
  { mirrored: true, scale: 1 },
  { mirrored: false, scale: 1.25 },
];

/** Most steps that an estimation can take. */
export const MOST_STEPS = VIEWS.length;

/** Codecs whose outputs have a mean. */
const MEAN: ReadonlySet<CodecSpec['type']> = new Set(['canonical-depth', 'metric-depth', 'grid-flow', 'labels', 'label-logits', 'centre-offset-pose', 'part-uv']);

/**
 * Checks a number of steps for the modalities asked for.
 * @throws SextantError `bad-argument` for a number that is none of 1..MOST_STEPS, `unsupported` for a modality whose estimates have no mean
 * (depth without a scale).
 */
export function checkSteps(steps: number, modalities: readonly Modality[], { name, modalities: streams }: Pick<Manifest, 'name' | 'modalities'>): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw new SextantError('bad-argument', `an estimation takes 1 to ${MOST_STEPS} steps, not ${steps}`, {
      hint: 'More steps than that were measured not to help: docs/refinement.md.',
      details: { steps, most: MOST_STEPS },
    });
  }
  const without = steps === 1 ? undefined : modalities.find((modality) => !MEAN.has(streams[modality]?.codec.type ?? 'grid-flow'));
  if (without === undefined) return;
  throw new SextantError('unsupported', `${without} of model ${name} cannot be refined by more steps: ${streams[without]?.codec.type} has no scale to be averaged in`, {
    hint: 'Ask for it with one step.',
    details: { modality: without, steps },
  });
}

/** The grid of a view: the first view's, enlarged, sides rounded to what the model takes. */
export function gridOf({ scale }: View, { width, height }: Size, { multipleOf, min, max }: InputSpec): Size {
  const side = (pixels: number): number => Math.max(min, Math.min(max, Math.round((pixels * scale) / multipleOf) * multipleOf));
  return { width: side(width), height: side(height) };
}
