import type { Perception } from '@sextant/core';
import type { Image } from '../messages/types.js';
import { imageOf } from './image.js';

/** `flow/image`: 32FC2, (u, v) in pixels of this image since the previous frame, NaN where unknown. */
export function flowImage({ frame, flow }: Perception): Image | undefined {
  return flow && imageOf(frame, flow.width, flow.height, '32FC2', flow.pixels);
}
