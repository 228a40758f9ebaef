import type { Modality, Perception, Person, SegmentationClass } from '@sextant/core';
import type { DepthMap } from '@sextant/core';
import type { GeneratedFrame } from '@sextant/model';
import type { LabelledKeypoint } from '../files/skeleton.js';

/** A made frame with what it was made from (or together with), in the words of a perception, so that it is written like one. */
export function madePerception({ index, frame, maps, condition, elapsedMs }: GeneratedFrame, modalities: readonly Modality[], classes: readonly SegmentationClass[], depth: DepthMap['provenance'] = 'relative'): Perception {
  const { width, height } = frame;
  if (!condition) {
    const { flow: made, ...others } = maps;
    // The first frame's stream of flow is painted as all are, and means nothing: there is no frame before.
    return { frame, latencyMs: elapsedMs, ...others, ...(made && index > 0 && { flow: made }) };
  }
  const asked = new Set(modalities);
  const { segmentation, flow } = condition;
  return {
    frame, latencyMs: elapsedMs,
    ...(asked.has('depth') && condition.depth && { depth: { ...condition.depth, provenance: depth } }),
    ...(asked.has('flow') && flow?.pixels.some((v) => !Number.isNaN(v)) && { flow }),
    ...(asked.has('segmentation') && segmentation && { segmentation: { ...segmentation, instances: segmentation.instances ?? new Uint16Array(width * height), classes } }),
    ...(asked.has('skeleton') && condition.skeleton && { skeleton: { ...condition.skeleton, people: condition.skeleton.people.filter(isSeen) } }),
    ...(asked.has('densepose') && condition.densepose && { densepose: condition.densepose }),
  };
}

/** Whether the picture shows anything of a person: conditions keep people whom the grid's aspect cut away. */
function isSeen({ box, keypoints }: Person): boolean {
  return (box[2] > 0 && box[3] > 0) || (keypoints as readonly LabelledKeypoint[]).some(({ score, visibility = score }) => visibility > 0);
}
