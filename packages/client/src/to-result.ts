import type { SegmentationClass } from '@sextant/core';
import type { Decoded } from './decoder/messages.js';
import type { AnyResult, Latency } from './results.js';

/** A class table: the model's, or the one class that a phrase names. */
export interface Table {
  readonly classes: readonly SegmentationClass[];
  readonly phrase?: string | undefined;
}

/**
 * A decoded message as the user sees it.
 * @param referred what a phrase names was asked for: the subscription's to say, since a table may not have come
 */
export function toResult({ header, payload, bitmap }: Decoded, latency: Latency, bytes: number, { classes, phrase = '' }: Table, referred: boolean): AnyResult {
  const { stamp, sequence, clip } = header;
  const common = { stamp, sequence, clip, latency, bytes };
  switch (payload.kind) {
    case 'segmentation': {
      const { width, height, labels, instances, confidence } = payload;
      const map = { ...common, width, height, labels, classes, ...(instances && { instances }), ...(confidence && { confidence }) };
      return referred ? { ...map, kind: 'referred', phrase } : { ...map, kind: 'masks' };
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
