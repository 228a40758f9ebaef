import type { Frame, Perception } from '@sextant/core';
import type { CameraInfo, Image } from '../messages/types.js';
import { cameraInfo } from './camera-info.js';
import { imageOf } from './image.js';

/** The frame as the camera took it: before `rectify()` took the lens out, where it did. */
function asTaken({ raw, ...frame }: Frame): Frame {
  return raw === undefined ? frame : { ...frame, ...raw };
}

/** `rgb/image_raw`: the camera picture as it came, rgb8, at camera resolution. */
export function rawImage({ frame }: Perception): Image {
  const { rgb } = asTaken(frame);
  return imageOf(frame, frame.width, frame.height, 'rgb8', rgb);
}

/** `rgb/image_rect`: the picture without the lens, which every map is aligned with; the raw one where there is nothing to take out. */
export function rectImage({ frame }: Perception): Image {
  return imageOf(frame, frame.width, frame.height, 'rgb8', frame.rgb);
}

/** `rgb/camera_info`: D and K of the raw picture, P of the rectified one. */
export function rawCameraInfo({ frame }: Perception): CameraInfo | undefined {
  return cameraInfo(asTaken(frame), frame.width, frame.height);
}
