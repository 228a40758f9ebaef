import { COCO_KEYPOINTS, type Keypoint, type Person, type Skeletons } from '@sextant/core';
import type { CodecSpec } from '../manifest/schema.js';
import { readOutput, sigmoid, type NamedTensor } from '../runtime/tensor.js';
import { findCentres, vote, type Centre } from './centres.js';
import { frontOf, onTheirSides } from './facing.js';
import { adoptPeaks, placeJoint } from './joints.js';
import { Settler, type Offsets } from './settle.js';
import { PAIRS, underTheirNames } from './sides.js';

const JOINTS = COCO_KEYPOINTS.length;
/** A pixel's centre, a whole number to joints, between the edges that boxes are measured from. */
const PIXEL_CENTRE = 0.5;

/** Which person each pixel points to. */
export interface Owners {
  /** Number of people; their ids are 1..count. */
  readonly count: number;
  /** Id of the person at pixel (x, y) of a map of the given size over the same picture, 0 for nobody. */
  at(x: number, y: number, width: number, height: number): number;
}

/** The people of a frame and whose each pixel is. */
export interface People {
  readonly skeletons: Skeletons;
  readonly owners: Owners;
}

type PoseCodec = Extract<CodecSpec, { type: 'centre-offset-pose' }>;

/**
 * Decodes `centre-offset-pose`, float32 [1,20,h,w]: 17 joint heat-map logits (COCO's order), the person-centre logit, and
 * at every pixel the offset (x, y) to its person's centre in units of `offsetScale` grid pixels; and, if the model says it, float32 [1,1,h,w],
 * the logit that a body is seen from the front, by which people have their left and right joints (`onTheirSides`). With a third output, float32
 * [1,8,h,w], pairs of joints come in the picture's order, and this says of each which is which (`underTheirNames`).
 *
 * Bottom-up grouping as in PersonLab (arXiv 1803.08225), with one vote: people are the peaks of the centre map; each
 * pixel belongs to the person whose centre its offset lands next to, within `voteRadius`; a person's joint is the
 * strongest peak of its heat map among the person's own pixels. A second peak on somebody's pixels is the joint of a person
 * behind, if one there lacks it. That says how large each person is; joints on the own pixels are then settled at that size
 * (`Settler`). People without a joint of `jointThreshold` are dropped. People are listed strongest centre first, ids from 1.
 */
export function decodeSkeleton(codec: PoseCodec, [output, front, sides]: readonly NamedTensor[], grid: { readonly width: number }): People {
  const { data, h, w } = readOutput(output, 'float32', [1, JOINTS + 3, 'h', 'w']);
  const n = h * w;
  const plane = (c: number): Float32Array => data.subarray(c * n, (c + 1) * n);
  const centres = findCentres(plane(JOINTS), w, h, codec.centreThreshold);
  const unit = (codec.offsetScale * w) / grid.width;
  const offsets: Offsets = { dx: plane(JOINTS + 1), dy: plane(JOINTS + 2), unit };
  const owner = vote(offsets.dx, offsets.dy, w, unit, centres, codec.voteRadius * Math.max(w, h));
  const people = findPeople(codec, plane, w, h, centres, owner, offsets);
  const frontMap = front && { logits: readOutput(front, 'float32', [1, 1, h, w]).data, w, h };
  const sidesMap = sides && { logits: readOutput(sides, 'float32', [1, PAIRS.length, h, w]).data, w, h };
  const sided = (person: Omit<Person, 'id'>): Omit<Person, 'id'> => {
    const seen = frontMap && frontOf(person.keypoints, frontMap, codec.frontThreshold, codec.jointThreshold);
    const known = seen === undefined ? person : { ...person, front: seen };
    const keypoints = sidesMap ? underTheirNames(person.keypoints, sidesMap, seen, codec.frontWeight) : onTheirSides(known, codec.jointThreshold);
    return { ...known, keypoints };
  };

  const id = new Uint8Array(centres.length + 1);
  people.forEach(({ centre }, i) => (id[centre + 1] = i + 1));
  const at = (x: number, y: number, width: number, height: number): number => {
    const i = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height)) * w + Math.min(w - 1, Math.floor(((x + 0.5) * w) / width));
    return id[owner[i]];
  };
  return {
    skeletons: { width: w, height: h, people: people.map(({ person }, i) => ({ ...sided(person), id: i + 1 })) },
    owners: { count: people.length, at },
  };
}

/** The people with at least one joint, each with the index of its centre. */
function findPeople(
  { jointThreshold }: PoseCodec, plane: (c: number) => Float32Array, w: number, h: number, centres: readonly Centre[], owner: Uint8Array, offsets: Offsets,
): { centre: number; person: Omit<Person, 'id'> }[] {
  if (centres.length === 0) return [];
  const found = Array.from({ length: JOINTS }, (_, j) => placeJoint(plane(j), w, h, owner, centres.length, jointThreshold));
  const keypointsOf = (person: number): Keypoint[] => found.map((joint) => joint.keypoint(person));
  const reach = centres.map((_, person) => spanOf(keypointsOf(person), jointThreshold, w, h));
  for (const joint of found) adoptPeaks(joint, reach, w);
  const rough = centres.flatMap(({ x, y, score }, centre) => {
    const keypoints = keypointsOf(centre);
    const box = spanOf(keypoints, jointThreshold, w, h);
    return box ? [{ index: centre, centre: { x, y }, score: sigmoid(score), keypoints, box }] : [];
  });
  const settler = new Settler(rough, offsets, w, h);
  const boxOf = (keypoints: readonly Keypoint[]): Person['box'] | undefined => spanOf(keypoints, jointThreshold, w, h, PIXEL_CENTRE);
  return rough.map(({ index, score, ...person }, i) => {
    const keypoints = settler.settle(i, person.keypoints, plane, (j) => found[j].adopted[index] === 1);
    return { centre: index, person: { score, box: (boxOf(keypoints) ?? boxOf(person.keypoints))!, keypoints } };
  });
}

/**
 * x, y, width, height around the joints of at least `threshold` and a margin of a tenth, within 0..w and 0..h; absent without one.
 * @param origin place of the joints' (0, 0) on either axis: 0 for a span in their own coordinates, `PIXEL_CENTRE` for a `Person.box`
 */
function spanOf(keypoints: readonly Keypoint[], threshold: number, w: number, h: number, origin = 0): Person['box'] | undefined {
  const used = keypoints.filter((k) => k.score > 0 && k.score >= threshold);
  if (used.length === 0) return undefined;
  const [xs, ys] = [used.map((k) => k.x + origin), used.map((k) => k.y + origin)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const margin = 0.1 * Math.max(x1 - x0, y1 - y0) + 0.5;
  const [left, top] = [Math.max(0, x0 - margin), Math.max(0, y0 - margin)];
  return [left, top, Math.min(w, x1 + margin) - left, Math.min(h, y1 + margin) - top];
}
