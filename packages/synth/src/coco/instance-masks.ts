import { SextantError } from '@sextant/core';

/** The visible pixels of one thing. */
export interface InstanceMask {
  readonly instanceId: number;
  readonly classId: number;
  /** COCO's uncompressed run-length code: lengths of runs in column-major order, first of pixels outside. */
  readonly counts: readonly number[];
  /** Pixels. */
  readonly area: number;
  /** x, y, width, height of the visible pixels. */
  readonly bbox: readonly [number, number, number, number];
}

interface Growing {
  readonly instanceId: number;
  readonly classId: number;
  readonly counts: number[];
  /** Position after the last pixel, column-major. */
  end: number;
  area: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/**
 * The mask of every instance (id above 0) of a frame, by class id and instance id, ascending by instance. One pass over the picture.
 * @param labels class id per pixel, row-major
 * @param instances instance id per pixel, 0 none
 * @throws SextantError `bad-argument` where the maps are not of that size.
 */
export function instanceMasks(labels: Uint8Array, instances: Uint16Array, width: number, height: number): InstanceMask[] {
  if (labels.length !== width * height || instances.length !== width * height) {
    throw new SextantError('bad-argument', `labels and instances hold ${labels.length} and ${instances.length} pixels, ${width}x${height} has ${width * height}`, { hint: 'Pass maps of one frame.' });
  }
  const found = new Map<number, Growing>();
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const i = y * width + x;
      const instanceId = instances[i];
      if (instanceId === 0) continue;
      const classId = labels[i], key = instanceId * 256 + classId, at = x * height + y;
      let mask = found.get(key);
      if (!mask) found.set(key, (mask = { instanceId, classId, counts: [0], end: 0, area: 0, x0: x, y0: y, x1: x, y1: y }));
      if (at === mask.end && mask.area > 0) mask.counts[mask.counts.length - 1] += 1;
      else if (at === 0) mask.counts.push(1);
      else if (mask.area === 0) mask.counts.splice(0, 1, at, 1);
      else mask.counts.push(at - mask.end, 1);
      mask.end = at + 1;
      mask.area += 1;
      mask.x1 = x;
      mask.y0 = Math.min(mask.y0, y);
      mask.y1 = Math.max(mask.y1, y);
    }
  }
  return [...found.values()].sort((a, b) => a.instanceId - b.instanceId || a.classId - b.classId).map(({ instanceId, classId, counts, end, area, x0, y0, x1, y1 }) => ({
    instanceId, classId, area, bbox: [x0, y0, x1 - x0 + 1, y1 - y0 + 1], counts: end < width * height ? [...counts, width * height - end] : counts,
  }));
}
