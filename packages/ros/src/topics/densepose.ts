import type { Perception } from '@sextant/core';
import type { Image } from '../messages/types.js';
import { imageOf } from './image.js';

/** `densepose/image`: 8UC3 of (part 0..24, u, v). */
export function denseposeImage({ frame, densepose }: Perception): Image | undefined {
  if (densepose === undefined) return undefined;
  const { part, u, v } = densepose;
  const data = new Uint8Array(part.length * 3);
  for (let i = 0, o = 0; i < part.length; i++, o += 3) {
    data[o] = part[i];
    data[o + 1] = u[i];
    data[o + 2] = v[i];
  }
  return imageOf(frame, densepose.width, densepose.height, '8UC3', data);
}
