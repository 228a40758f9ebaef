import type { Perception } from '@sextant/core';
import type { Detection2D, Detection2DArray } from '../messages/types.js';
import { headerOf } from './header.js';

interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: number;
  confidence: number;
  /** Pixels by label. */
  readonly votes: Uint32Array;
}

const LABELS = 256;

/**
 * `segmentation/detections`: the box of each instance, in pixels of the picture without its lens (`rgb/image_rect`), measured like
 * the masks: a box around pixels i..j spans i..j+1. `class_id` is the id of label_info as text; the score is the mean
 * confidence over the instance, 1 where the model gives none; `id` is the instance id.
 */
export function detections({ frame, segmentation }: Perception): Detection2DArray | undefined {
  if (segmentation === undefined) return undefined;
  const { width, height, labels, instances, confidence } = segmentation;
  const regions = new Map<number, Region>();
  // An instance's pixels mostly follow each other: it is looked up where it changes.
  let [known, region] = [0, undefined as Region | undefined];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const id = instances[i];
      if (id === 0) continue;
      if (region === undefined || id !== known) {
        region = regions.get(id);
        known = id;
        if (region === undefined) regions.set(id, (region = { left: x, top: y, right: x, bottom: y, pixels: 0, confidence: 0, votes: new Uint32Array(LABELS) }));
      }
      if (x < region.left) region.left = x;
      if (x > region.right) region.right = x;
      region.bottom = y;
      region.pixels++;
      region.confidence += confidence === undefined ? 1 : confidence[i];
      region.votes[labels[i]]++;
    }
  }
  const header = headerOf(frame);
  const sx = frame.width / width;
  const sy = frame.height / height;
  return {
    header,
    detections: [...regions].sort(([a], [b]) => a - b).map(([id, region]): Detection2D => ({
      header,
      results: [
        {
          hypothesis: { class_id: String(mostVoted(region.votes)), score: region.confidence / region.pixels },
          pose: {
            pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
            covariance: new Float64Array(36),
          },
        },
      ],
      bbox: {
        center: { position: { x: ((region.left + region.right + 1) / 2) * sx, y: ((region.top + region.bottom + 1) / 2) * sy }, theta: 0 },
        size_x: (region.right + 1 - region.left) * sx,
        size_y: (region.bottom + 1 - region.top) * sy,
      },
      id: String(id),
    })),
  };
}

function mostVoted(votes: Uint32Array): number {
  let best = 0;
  for (let label = 1; label < votes.length; label++) if (votes[label] > votes[best]) best = label;
  return best;
}
