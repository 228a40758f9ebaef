import { COCO_KEYPOINTS } from '@sextant/core';
import type { Frame, Perception, SegmentationClass } from '@sextant/core';
import type { WorldFrame, WorldPerson } from '@sextant/world';
import type { LabelledKeypoint } from '../files/skeleton.js';

/** The exact truth of a rendered frame, in the words of a perception. A first frame has no flow. */
export function toPerception(world: WorldFrame, classes: readonly SegmentationClass[]): Perception {
  const { width, height, index, stamp, camera, rgb } = world;
  const frame: Frame = { stamp, frameId: 'camera_optical_frame', sequence: index, width, height, rgb, camera };
  return {
    frame,
    latencyMs: 0,
    depth: { width, height, metres: world.depth, provenance: 'metric' },
    ...(index > 0 && { flow: { width, height, pixels: world.flow } }),
    segmentation: { width, height, labels: world.labels, instances: world.instances, classes },
    skeleton: { width, height, people: world.people.filter(({ box }) => box[2] > 0).map(toPerson) },
    densepose: { width, height, part: world.part, u: world.partU, v: world.partV },
  };
}

const NO_JOINTS: readonly LabelledKeypoint[] = Array.from({ length: COCO_KEYPOINTS.length }, () => ({ x: 0, y: 0, score: 0, visibility: 0 }));

/** Of people whose skeleton nobody knows no joint is labelled, as COCO has it. */
function toPerson({ instanceId, box, keypoints }: WorldPerson): NonNullable<Perception['skeleton']>['people'][number] {
  const joints = keypoints.length > 0 ? keypoints.map(({ x, y, visibility }): LabelledKeypoint => ({ x, y, visibility, score: visibility > 0 ? 1 : 0 })) : NO_JOINTS;
  return { id: instanceId, score: 1, box, keypoints: joints };
}
