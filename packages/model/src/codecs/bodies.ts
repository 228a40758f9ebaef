import type { DensePoseMap, SegmentationClass } from '@sextant/core';
import { components } from './components.js';
import type { LabelMap } from './segmentation.js';
import type { Owners } from './skeleton.js';

/** Regions of body below this many pixels are nobody's, unless a person known otherwise owns them. */
const MIN_AREA = 12;

/** What else is known of the people of the same frame. */
export interface KnownPeople {
  /** The skeleton's. */
  readonly owners?: Owners | undefined;
  /** With its instances numbered. */
  readonly segmentation?: LabelMap | undefined;
  readonly classes: readonly SegmentationClass[];
}

/**
 * The person at each body pixel of a DensePose map (0 elsewhere), with the ids of the frame's other maps: the id of the
 * segmentation's person there, else of the person whose centre the pixel points to, else the majority of its region. A
 * region of which nobody knows anything is a person of its own, numbered after all others. Returns a new array.
 */
export function findBodies({ part, width, height }: DensePoseMap, { owners, segmentation, classes }: KnownPeople): Uint16Array {
  const person = new Uint16Array(part.length);
  const body = part.map((p) => (p === 0 ? 0 : 1));
  const label = classes.find((c) => c.name === 'person')?.id;
  let next = owners?.count ?? 0;
  if (segmentation) for (const id of segmentation.instances) if (id > next) next = id;

  const instanceAt = (x: number, y: number): number => {
    if (!segmentation) return 0;
    const [sx, sy] = [Math.floor(((x + 0.5) * segmentation.width) / width), Math.floor(((y + 0.5) * segmentation.height) / height)];
    const i = sy * segmentation.width + sx;
    return segmentation.labels[i] === label ? segmentation.instances[i] : 0;
  };
  for (const { pixels } of components(body, width, height, [false, true])) {
    const votes = new Map<number, number>();
    for (const i of pixels) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const id = instanceAt(x, y) || (owners?.at(x, y, width, height) ?? 0);
      person[i] = id;
      if (id > 0) votes.set(id, (votes.get(id) ?? 0) + 1);
    }
    let [major, most] = [0, 0];
    for (const [id, count] of votes) if (count > most) [major, most] = [id, count];
    if (major === 0 && pixels.length >= MIN_AREA) major = next = Math.min(next + 1, 0xffff);
    for (const i of pixels) person[i] ||= major;
  }
  return person;
}
