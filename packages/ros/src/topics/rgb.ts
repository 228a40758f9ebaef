import type { Perception } from '@sextant/core';
import type { Image } from '../messages/types.js';
import { imageOf } from './image.js';

/** `rgb/image_raw`: the camera picture, rgb8, at camera resolution. */
export function rgbImage({ frame }: Perception): Image {
  return imageOf(frame, frame.width, frame.height, 'rgb8', frame.rgb);
}
