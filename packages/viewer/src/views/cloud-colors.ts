import type { FrameResult } from '@sextant/client';
import type { Painter } from '../draw/painter.js';
import type { Settings } from '../settings.js';

const CLASSES_OVER_PICTURE: Settings['on'] = { picture: true, depth: false, flow: false, masks: true, densePose: false, skeletons: false, referred: false };
const scratch = document.createElement('canvas');

/** Colours of a cloud's points, each at its pixel: those of a layer drawn at the depth map's size. 3 bytes for each point are written. */
export function cloudColors(out: Uint8Array, pixels: Uint32Array, frame: FrameResult, settings: Settings, painter: Painter): void {
  const { depth } = frame;
  if (depth === undefined) return;
  scratch.width = depth.width;
  scratch.height = depth.height;
  const context = scratch.getContext('2d', { willReadFrequently: true });
  if (context === null) return;
  const layer = settings.cloudColor;
  // Things that are not coloured by class stay visible in the picture's own colours, paler.
  if (layer === 'masks') painter.overlay(context, frame, { ...settings, on: CLASSES_OVER_PICTURE, opacity: { ...settings.opacity, picture: 0.5, masks: 0.85 } });
  else painter.alone(context, layer, frame, settings);
  const { data } = context.getImageData(0, 0, depth.width, depth.height);
  for (let point = 0; point < pixels.length; point++) {
    const i = 4 * pixels[point];
    out[3 * point] = data[i];
    out[3 * point + 1] = data[i + 1];
    out[3 * point + 2] = data[i + 2];
  }
}
