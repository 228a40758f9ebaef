import type { SegmentationClass } from '@sextant/core';
import { instanceMasks } from '@sextant/synth';
import type { WorldFrame } from '@sextant/world';
import { cocoPeople } from '../files/skeleton.js';
import type { CocoPerson } from '../files/skeleton.js';
import { toPerception } from '../world/to-perception.js';

/** One thing in one frame, in COCO's words, without the ids that only the whole data set knows. */
export interface CocoThing {
  readonly category_id: number;
  readonly iscrowd: 0;
  readonly area: number;
  readonly bbox: readonly number[];
  readonly segmentation: { readonly counts: readonly number[]; readonly size: readonly [height: number, width: number] };
  /** The id in `instances/`, the same for as long as the clip lasts. */
  readonly instance_id: number;
  /** People only; all 0 where nobody knows the joints. */
  readonly keypoints?: readonly number[];
  readonly num_keypoints?: number;
}

/** One frame of a clip with its things. */
export interface CocoFrame {
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  /** What it shows, in a sentence. */
  readonly caption: string;
  readonly things: readonly CocoThing[];
}

/** Numbers of COCO's 17 joints, all unknown. */
const NO_JOINTS: Pick<CocoPerson, 'keypoints' | 'num_keypoints'> = { keypoints: new Array<number>(51).fill(0), num_keypoints: 0 };

/** The things of a rendered frame, with its caption. */
export function cocoFrame(frame: WorldFrame, classes: readonly SegmentationClass[], caption: string): CocoFrame {
  const { width, height, labels, instances, index } = frame;
  const person = classes.find(({ name }) => name === 'person')?.id;
  const people = new Map(cocoPeople(toPerception(frame, classes).skeleton!).map((found) => [found.instance_id, found]));
  return {
    frame: index, width, height, caption,
    things: instanceMasks(labels, instances, width, height).map(({ instanceId, classId, counts, area, bbox }): CocoThing => {
      const { keypoints, num_keypoints } = people.get(instanceId) ?? NO_JOINTS;
      return { category_id: classId, iscrowd: 0, area, bbox, segmentation: { counts, size: [height, width] }, instance_id: instanceId, ...(classId === person && { keypoints, num_keypoints }) };
    }),
  };
}
