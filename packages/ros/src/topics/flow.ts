import type { Perception } from '@sextant/core';
import type { Image, TimeReference } from '../messages/types.js';
import { headerOf, toTime } from './header.js';
import { imageOf } from './image.js';

/** `flow/image`: 32FC2, (u, v) in pixels of this image since the previous frame, NaN where unknown. */
export function flowImage({ frame, flow }: Perception): Image | undefined {
  return flow && imageOf(frame, flow.width, flow.height, '32FC2', flow.pixels);
}

/**
 * `flow/time_reference`: the stamp of the frame that `flow/image` of the same header counts from. Divided by the difference, flow is a velocity, also where frames were
 * dropped between the two.
 */
export function flowTimeReference({ frame, flow }: Perception): TimeReference | undefined {
  return flow?.since === undefined ? undefined : { header: headerOf(frame), time_ref: toTime(flow.since), source: 'sextant: frame before' };
}
