import { SextantError, type Modality, type Person } from '@sextant/core';
import { decode, decodePeople, type Nearer } from '../codecs/decode.js';
import { scaleSkeletons, shiftPerson } from '../codecs/scale-skeletons.js';
import type { People } from '../codecs/skeleton.js';
import type { Manifest } from '../manifest/schema.js';
import { boxIoU } from '../metrics/skeleton.js';
import type { Size } from '../runtime/grid.js';
import type { WireFrame } from '../runtime/messages.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { overlay, type CloseUp } from './overlay.js';
import { cut, regionAround } from './region.js';

/** Most people of a frame that can be looked at again. */
export const MOST_CLOSE_UPS = 32;

/** What close-ups make better. */
export const OF_PEOPLE: ReadonlySet<Modality> = new Set(['segmentation', 'skeleton', 'densepose']);

/** How much of the person's box a close-up is believed for beyond it, on each side. */
const MARGIN = 0.1;

/** Least overlap (IoU of the boxes) of a person and the same person in a close-up. */
const SAME = 0.3;

/** What the network says of a picture alone: outputs of each modality, and the grid it was shown on. */
export interface Seen {
  readonly outputs: ReadonlyMap<Modality, readonly NamedTensor[]>;
  readonly grid: Size;
  readonly focal: number;
}

/**
 * Checks a number of close-ups.
 * @throws SextantError `bad-argument` for a number that is none of 0..MOST_CLOSE_UPS, `unsupported` for a model that does not find people one by one.
 */
export function checkCloseUps(count: number, { name, modalities }: Pick<Manifest, 'name' | 'modalities'>): void {
  if (!Number.isInteger(count) || count < 0 || count > MOST_CLOSE_UPS) {
    throw new SextantError('bad-argument', `0 to ${MOST_CLOSE_UPS} people can be looked at again, not ${count}`, { hint: 'Each costs a part of a frame, of some models as much as one.', details: { closeUps: count, most: MOST_CLOSE_UPS } });
  }
  if (count === 0 || modalities.skeleton?.codec.type === 'centre-offset-pose') return;
  throw new SextantError('unsupported', `model ${name} does not say where people are, so there is nobody to look at from nearby`, {
    hint: 'Close-ups need a model with skeletons (codec centre-offset-pose); leave them out.',
    details: { closeUps: count },
  });
}

/**
 * Looks again at up to `count` people of a frame, the surest first, each as large as the grid allows (top-down, as detectors with a second stage do; the
 * first look, bottom-up, says where): pictures in which a person is small are most of what the network gets wrong about people.
 * @param manifest of what looks (`nearby`)
 * @param look shows a picture to the network, without any memory
 */
export async function comeCloser(
  frame: WireFrame, people: People, modalities: readonly Modality[], count: number, manifest: Manifest, look: (frame: WireFrame, modalities: readonly Modality[]) => Promise<Seen>,
): Promise<Nearer> {
  // On a grid of its own shape nobody is made wider or thinner.
  const sides = manifest.closeUps && [manifest.closeUps.width, manifest.closeUps.height];
  const upright = sides && Math.min(...sides) / Math.max(...sides);
  const asked = modalities.filter((modality) => OF_PEOPLE.has(modality) && manifest.modalities[modality]);
  const closeUps: CloseUp[] = [];
  for (const { id, box } of scaleSkeletons(people.skeletons, frame).people) {
    if (closeUps.length === count) break;
    const region = regionAround(box, frame, upright);
    if (region === undefined) continue;
    const { outputs, grid, focal } = await look({ ...frame, width: region.width, height: region.height, rgb: cut(frame.rgb, frame.width, region) }, asked);
    const near = decodePeople(manifest, outputs, grid);
    if (near === undefined) continue;
    const seen = scaleSkeletons(near.skeletons, region).people.map((person) => shiftPerson(person, region));
    const overlap = (other: Person): number => boxIoU(other.box, box);
    const best = seen.reduce<Person | undefined>((a, b) => (a === undefined || overlap(b) > overlap(a) ? b : a), undefined);
    closeUps.push({
      id, region, owners: near.owners, ...(best && overlap(best) > SAME && { found: best }),
      inside: [box[0] - MARGIN * box[2], box[1] - MARGIN * box[3], (1 + 2 * MARGIN) * box[2], (1 + 2 * MARGIN) * box[3]],
      maps: decode(manifest, outputs, { grid, focal, focalKnown: false, hasPrevious: false }, { people: near }),
    });
  }
  return overlay(people, closeUps, frame, manifest.classes);
}
