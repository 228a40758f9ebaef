import type { DepthMap, Perception } from '@sextant/core';
import type { Image } from '../messages/types.js';
import { imageOf } from './image.js';

/** How `depth/image` is written: 32FC1 metres with NaN for none, or 16UC1 millimetres with 0 for none (REP-118). */
export type DepthEncoding = '32FC1' | '16UC1';

const MAX_MILLIMETRES = 65_535;

/** True when the map's values may be called metres. */
export function isMetric(depth: DepthMap): boolean {
  return depth.provenance !== 'relative';
}

/** `depth/image`: z along the optical axis; only for depth whose scale is known. */
export function depthImage({ frame, depth }: Perception, encoding: DepthEncoding): Image | undefined {
  if (depth === undefined || !isMetric(depth)) return undefined;
  return encoding === '16UC1'
    ? imageOf(frame, depth.width, depth.height, '16UC1', toMillimetres(depth.metres))
    : imageOf(frame, depth.width, depth.height, '32FC1', depth.metres);
}

/** `depth/relative`: 32FC1, proportional to distance in an unknown unit, NaN for none. Never metres. */
export function relativeDepthImage({ frame, depth }: Perception): Image | undefined {
  if (depth === undefined || isMetric(depth)) return undefined;
  return imageOf(frame, depth.width, depth.height, '32FC1', depth.metres);
}

/** `depth/confidence`: 32FC1 in 0..1, the probability that the depth is within 10 % of the truth; 0 where there is no depth. */
export function depthConfidence({ frame, depth }: Perception): Image | undefined {
  return depth?.confidence && imageOf(frame, depth.width, depth.height, '32FC1', depth.confidence);
}

/** Rounded millimetres; 0 for what is not a positive finite number or lies beyond 65.535 m (a clipped value would be a lie). */
export function toMillimetres(metres: Float32Array): Uint16Array {
  const out = new Uint16Array(metres.length);
  for (let i = 0; i < metres.length; i++) {
    const mm = Math.round((metres[i]) * 1000);
    out[i] = mm > 0 && mm <= MAX_MILLIMETRES ? mm : 0;
  }
  return out;
}
