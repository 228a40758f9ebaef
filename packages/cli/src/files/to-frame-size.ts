import { resampleNearest } from '@sextant/core';
import type { DensePoseMap, DepthMap, FlowField, Perception, ReferredMap, SegmentationMap, Skeletons } from '@sextant/core';
import { resampleSmooth } from './resample-smooth.js';

/** Depths that differ more than this (as a ratio) lie on two surfaces and are not averaged. */
const ONE_SURFACE = 1.1;
/** Motions that differ by more than this many pixels of the model's grid are not averaged. */
const ONE_MOTION = 2;

/**
 * The same perception with every map at the frame's size: depth and flow interpolated linearly where the neighbours belong
 * together (by nearest sample at edges and holes), motion scaled to the frame's pixels, labels and DensePose by nearest
 * sample, joints scaled. Maps that have the size already are passed on.
 */
export function toFrameSize(perception: Perception): Perception {
  const { frame, depth, flow, segmentation, skeleton, densepose, referred } = perception;
  const { width, height } = frame;
  return {
    frame,
    latencyMs: perception.latencyMs,
    ...(depth && { depth: resizeDepth(depth, width, height) }),
    ...(flow && { flow: resizeFlow(flow, width, height) }),
    ...(segmentation && { segmentation: resizeSegmentation(segmentation, width, height) }),
    ...(skeleton && { skeleton: resizeSkeletons(skeleton, width, height) }),
    ...(densepose && { densepose: resizeDensepose(densepose, width, height) }),
    ...(referred && { referred: resizeReferred(referred, width, height) }),
  };
}

function resizeDepth({ metres, width: w, height: h, provenance }: DepthMap, width: number, height: number): DepthMap {
  const together = (least: number, most: number): boolean => most <= least * ONE_SURFACE;
  return { width, height, provenance, metres: w === width && h === height ? metres : resampleSmooth(metres, w, h, width, height, 1, together) };
}

function resizeFlow({ pixels, width: w, height: h, since }: FlowField, width: number, height: number): FlowField {
  const from = since === undefined ? {} : { since };
  if (w === width && h === height) return { width, height, pixels, ...from };
  const out = resampleSmooth(pixels, w, h, width, height, 2, (least, most) => most - least <= ONE_MOTION);
  for (let i = 0; i < out.length; i += 2) {
    out[i] *= width / w;
    out[i + 1] *= height / h;
  }
  return { width, height, pixels: out, ...from };
}

function resizeSegmentation({ labels, instances, classes, width: w, height: h }: SegmentationMap, width: number, height: number): SegmentationMap {
  return {
    width, height, classes, labels: resampleNearest(labels, w, h, width, height), instances: resampleNearest(instances, w, h, width, height),
  };
}

function resizeDensepose({ part, u, v, width: w, height: h }: DensePoseMap, width: number, height: number): DensePoseMap {
  const at = (samples: Uint8Array): Uint8Array => resampleNearest(samples, w, h, width, height);
  return { width, height, part: at(part), u: at(u), v: at(v) };
}

function resizeReferred(map: ReferredMap, width: number, height: number): ReferredMap {
  const { probability, regions, width: w, height: h } = map;
  if (w === width && h === height) return map;
  return { ...map, width, height, probability: resampleSmooth(probability, w, h, width, height, 1, () => true), regions: resampleNearest(regions, w, h, width, height) };
}

function resizeSkeletons(skeletons: Skeletons, width: number, height: number): Skeletons {
  const [sx, sy] = [width / skeletons.width, height / skeletons.height];
  const people = skeletons.people.map((person) => ({
    ...person,
    box: [person.box[0] * sx, person.box[1] * sy, person.box[2] * sx, person.box[3] * sy] as const,
    keypoints: person.keypoints.map((k) => ({ ...k, x: (k.x + 0.5) * sx - 0.5, y: (k.y + 0.5) * sy - 0.5 })),
  }));
  return { width, height, people };
}
