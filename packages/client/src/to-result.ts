import type { SegmentationClass } from '@sextant/core';
import type { Decoded } from './decoder/messages.js';
import type { AnyResult, Latency } from './results.js';

/** A decoded message as the user sees it. */
export function toResult({ header, payload, bitmap }: Decoded, latency: Latency, bytes: number, classes: readonly SegmentationClass[]): AnyResult {
  const { stamp, sequence, clip } = header;
  const common = { stamp, sequence, clip, latency, bytes };
  switch (payload.kind) {
    case 'segmentation': {
      const { width, height, labels, instances, confidence } = payload;
      return { ...common, kind: 'masks', width, height, labels, classes, ...(instances && { instances }), ...(confidence && { confidence }) };
    }
    case 'rgb':
      return { ...common, kind: 'picture', width: payload.width, height: payload.height, jpeg: payload.data, ...(bitmap && { bitmap }) };
    case 'depth':
      return { ...payload, ...common, kind: 'depth' };
    case 'flow':
      return { ...payload, ...common, kind: 'flow' };
    case 'skeleton':
      return { ...payload, ...common, kind: 'skeletons' };
    case 'densepose':
      return { ...payload, ...common, kind: 'densePose' };
  }
}

/** Lets go of what a result holds beside arrays. */
export function release(result: AnyResult): void {
  if (result.kind === 'picture') result.bitmap?.close();
}
