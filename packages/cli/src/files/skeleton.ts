import { join } from 'node:path';
import { COCO_KEYPOINTS, COCO_LIMBS, LEAST_JOINT_SCORE } from '@sextant/core';
import type { Keypoint, Person, Skeletons } from '@sextant/core';
import { PERSON_BOX_SHARE } from '@sextant/model';
import { frameName } from './frame-name.js';
import { writeJson } from './write-whole.js';

/** COCO's visibility of a joint, where it is known exactly: 0 not labelled, 1 hidden, 2 visible. */
export interface LabelledKeypoint extends Keypoint {
  readonly visibility?: 0 | 1 | 2;
}

/** One person in the journal and in keypoints.json, without the ids that only the whole file knows. */
export interface CocoPerson {
  /** x, y, v of 17 joints; pixels, centre of the top-left pixel at 0, 0; v as COCO's. */
  readonly keypoints: readonly number[];
  readonly keypoint_scores: readonly number[];
  readonly num_keypoints: number;
  /** x, y, width, height. */
  readonly bbox: readonly number[];
  readonly score: number;
  /** The person's id in `instances/`, 0 unknown. */
  readonly instance_id: number;
  /** Pixels of the person in `instances/`, where there are masks. */
  readonly area?: number;
  /** `Person.front`, where the model says it. */
  readonly front?: number;
}

/**
 * The people of one frame as COCO annotations. Where the visibility is not known, joints below `LEAST_JOINT_SCORE` are not labelled (v = 0).
 * @param instances the frame's masks, from which people have their areas; without an area where absent, or where somebody has no pixel
 */
export function cocoPeople({ people }: Skeletons, instances: Uint16Array = new Uint16Array()): CocoPerson[] {
  const pixels = new Map(people.map(({ id }) => [id, 0]));
  pixels.delete(0); // of nobody
  for (const id of instances) if (pixels.has(id)) pixels.set(id, pixels.get(id)! + 1);
  return people.map(({ id, score, box, keypoints, front }: Person) => {
    const seen = (keypoints as readonly LabelledKeypoint[]).map(({ score: s, visibility }) => visibility ?? (s >= LEAST_JOINT_SCORE ? 2 : 0));
    return {
      keypoints: keypoints.flatMap(({ x, y }, i) => (seen[i] === 0 ? [0, 0, 0] : [round(x), round(y), seen[i]])),
      keypoint_scores: keypoints.map((k) => round(k.score)),
      num_keypoints: seen.filter((v) => v > 0).length,
      bbox: box.map(round),
      score: round(score),
      instance_id: id,
      ...(pixels.get(id) && { area: pixels.get(id)! }),
      ...(front !== undefined && { front: round(front) }),
    };
  });
}

/** What keypoints.json needs of each frame. */
export interface CocoFrame {
  readonly index: number;
  readonly stamp: number;
  readonly width: number;
  readonly height: number;
  readonly people?: readonly CocoPerson[] | undefined;
}

/**
 * Writes `skeleton/keypoints.json` in COCO's keypoint format: one image per frame (id = index), one annotation per person,
 * whose `area`, by which joints are judged (OKS), is that of the mask, or else the usual share of the box. Beside COCO's fields there are `stamp` (nanoseconds), `keypoint_scores`, `score`, `instance_id` and, from models that say it, `front`.
 */
export async function writeKeypoints(folder: string, frames: readonly CocoFrame[]): Promise<void> {
  let id = 0;
  await writeJson(join(folder, 'skeleton', 'keypoints.json'), {
    info: { description: 'People found by Sextant, COCO keypoint format' },
    images: frames.map(({ index, stamp, width, height }) => ({ id: index, file_name: frameName(index), width, height, stamp })),
    annotations: frames.flatMap(({ index, people = [] }) =>
      people.map((person) => ({ id: ++id, image_id: index, category_id: 1, iscrowd: 0, area: round(person.bbox[2] * person.bbox[3] * PERSON_BOX_SHARE), ...person })),
    ),
    categories: [{ id: 1, name: 'person', supercategory: 'person', keypoints: COCO_KEYPOINTS, skeleton: COCO_LIMBS.map(([a, b]) => [a + 1, b + 1]) }],
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
