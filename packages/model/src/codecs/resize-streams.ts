import { MODALITIES, resampleNearest, type Modality } from '@sextant/core';
import type { Size } from '../runtime/grid.js';
import { scaleSkeletons } from './scale-skeletons.js';
import { decodeSkeletonStream, encodeSkeletonStream, shiftDepthStream, type SkeletonDrawing } from './streams.js';

/**
 * The streams [15,H,W] of `chosen` modalities as a camera of the same view with another size would have them; the others stay zero. Depth, flow, classes and parts are those of the
 * nearest pixel, depth for a focal length that changes with the width; skeletons are drawn anew, since their marks have a size of their own. Returns a fresh array.
 */
export function resizeStreams(streams: Float32Array, chosen: readonly Modality[], from: Size, to: Size, drawing: SkeletonDrawing): Float32Array {
  const [n, m] = [from.width * from.height, to.width * to.height];
  const out = new Float32Array(3 * MODALITIES.length * m);
  for (const modality of chosen) {
    const k = 3 * MODALITIES.indexOf(modality);
    const data = streams.subarray(k * n, (k + 3) * n);
    const place = out.subarray(k * m, (k + 3) * m);
    if (modality === 'skeleton') {
      place.set(encodeSkeletonStream(scaleSkeletons(decodeSkeletonStream({ ...from, data }), to), { drawing }).data);
      continue;
    }
    for (let c = 0; c < 3; c++) place.set(resampleNearest(data.subarray(c * n, (c + 1) * n), from.width, from.height, to.width, to.height), c * m);
    if (modality === 'depth') shiftDepthStream(place, to.width / from.width);
  }
  return out;
}
