import type { DensePoseMap, Person, SegmentationClass } from '@sextant/core';
import type { DecodedMaps, Nearer } from '../codecs/decode.js';
import type { LabelMap } from '../codecs/segmentation.js';
import { scaleSkeletons } from '../codecs/scale-skeletons.js';
import type { Owners, People } from '../codecs/skeleton.js';
import type { Size } from '../runtime/grid.js';
import type { Box, Region } from './region.js';

/** What was seen from nearby of a person of the first look. */
export interface CloseUp {
  /** The person's id in the first look. */
  readonly id: number;
  /** Of the frame. */
  readonly region: Region;
  /** Where the close-up is believed: the person's box and a little more, in the frame's pixels. */
  readonly inside: Box;
  readonly maps: DecodedMaps;
  /** The same person in the close-up, with its id there, in the frame's pixels; undefined if nobody is there. */
  readonly found?: Person;
  /** Which person each pixel of the close-up points to. */
  readonly owners: Owners;
}

/**
 * The first look with what close-ups say in its place: people whom the close-up does not find are nobody; whose it does, have its joints; and
 * inside their boxes body pixels are those of the close-up. Ids count anew from 1, in the same order.
 * @param frame size of the frame, in whose pixels regions are
 */
export function overlay(people: People, closeUps: readonly CloseUp[], frame: Size, classes: readonly SegmentationClass[]): Nearer {
  const { width, height } = people.skeletons;
  const seen = new Map(closeUps.map((closeUp) => [closeUp.id, closeUp]));
  const ids = new Map<number, number>();
  const after: Person[] = [];
  for (const person of people.skeletons.people) {
    const closeUp = seen.get(person.id);
    const [now] = closeUp === undefined ? [person] : scaleSkeletons({ ...frame, people: closeUp.found ? [closeUp.found] : [] }, people.skeletons).people;
    if (now === undefined) continue;
    ids.set(person.id, after.length + 1);
    after.push({ ...now, score: person.score, id: after.length + 1 });
  }
  // Large ones first: where people overlap, the smaller was seen from nearer.
  const order = [...closeUps].sort((a, b) => area(b) - area(a));
  const person = classes.find(({ name }) => name === 'person')?.id;
  return {
    people: { skeletons: { width, height, people: after }, owners: ownersOf(people.owners, order, ids, after.length, frame) },
    labels: (map) => {
      for (const { maps: { segmentation }, ...closeUp } of order) if (segmentation) putLabels(map, segmentation, closeUp, frame, person);
    },
    parts: (map) => {
      for (const { maps: { densepose }, ...closeUp } of order) if (densepose) putParts(map, densepose, closeUp, frame);
    },
  };
}

type Where = Pick<CloseUp, 'region' | 'inside'>;

const area = ({ inside }: CloseUp): number => inside[2] * inside[3];

function ownersOf(owners: Owners, order: readonly CloseUp[], ids: ReadonlyMap<number, number>, count: number, frame: Size): Owners {
  const smallestFirst = order.toReversed();
  return {
    count,
    at: (x, y, width, height) => {
      const [fx, fy] = [((x + 0.5) * frame.width) / width, ((y + 0.5) * frame.height) / height];
      for (const { id, found, region, inside, owners: near } of smallestFirst) {
        if (!found || !within(inside, fx, fy)) continue;
        if (near.at(Math.floor(fx - region.x), Math.floor(fy - region.y), region.width, region.height) === found.id) return ids.get(id) ?? 0;
      }
      return ids.get(owners.at(x, y, width, height)) ?? 0;
    },
  };
}

/** Pixels that either look takes for a person are what the close-up says. */
function putLabels(map: LabelMap, near: LabelMap, where: Where, frame: Size, person: number | undefined): void {
  each(map, near, where, frame, (i, j) => {
    if (map.labels[i] !== person && near.labels[j] !== person) return;
    map.labels[i] = near.labels[j];
    if (map.confidence && near.confidence) map.confidence[i] = near.confidence[j];
  });
}

/** Body pixels of either look are what the close-up says. */
function putParts(map: DensePoseMap, near: DensePoseMap, where: Where, frame: Size): void {
  each(map, near, where, frame, (i, j) => {
    for (const plane of ['part', 'u', 'v'] as const) map[plane][i] = near[plane][j];
  });
}

/** Calls back with the pixels of a map inside a close-up's box and those of the close-up's map at the same places. */
function each(map: Size, near: Size, { region, inside }: Where, frame: Size, put: (i: number, j: number) => void): void {
  const [ax, ay] = [frame.width / map.width, frame.height / map.height];
  const first = (at: number, a: number): number => Math.max(0, Math.ceil(at / a - 0.5));
  const end = (at: number, a: number, most: number): number => Math.min(most, Math.ceil(at / a - 0.5));
  for (let y = first(Math.max(inside[1], region.y), ay); y < end(Math.min(inside[1] + inside[3], region.y + region.height), ay, map.height); y++) {
    const row = Math.min(near.height - 1, Math.floor((((y + 0.5) * ay - region.y) * near.height) / region.height));
    for (let x = first(Math.max(inside[0], region.x), ax); x < end(Math.min(inside[0] + inside[2], region.x + region.width), ax, map.width); x++) {
      const column = Math.min(near.width - 1, Math.floor((((x + 0.5) * ax - region.x) * near.width) / region.width));
      put(y * map.width + x, row * near.width + column);
    }
  }
}

const within = ([x, y, width, height]: Box, fx: number, fy: number): boolean => fx >= x && fy >= y && fx < x + width && fy < y + height;
