import { SextantError } from '@sextant/core';
import type { MaskKind, StreamRequest } from '@sextant/core';
import type { FrameOptions, StreamOptions } from './requests.js';
import type { AnyResult } from './results.js';

/** What results of each kind are called on the wire. */
export const WIRE_KIND: Readonly<Record<AnyResult['kind'], MaskKind>> = {
  masks: 'segmentation', depth: 'depth', flow: 'flow', skeletons: 'skeleton', densePose: 'densepose', picture: 'rgb', referred: 'segmentation',
};

/** The request for one stream. */
export function request(kind: AnyResult['kind'], options: StreamOptions, camera: number): StreamRequest {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...(kind === 'depth' && { intrinsics: true }), ...(kind === 'referred' && { referred: true }), ...given, kind: WIRE_KIND[kind], ...(camera > 0 && { camera }) };
}

/**
 * The requests of `frames()`.
 * @throws SextantError `bad-argument` where nothing is asked for.
 */
export function requests(options: FrameOptions, camera: number, group: number): ReadonlyMap<AnyResult['kind'], StreamRequest> {
  const { rate, priority, ...parts } = options;
  const whole = { group, ...(rate !== undefined && { rate }), ...(priority !== undefined && { priority }) };
  const asked = (Object.entries(parts) as [AnyResult['kind'], boolean | StreamOptions | undefined][]).filter(([kind, part]) => kind in WIRE_KIND && part !== undefined && part !== false);
  if (asked.length === 0)
    throw new SextantError('bad-argument', 'frames() was asked for nothing', { hint: `Name at least one of ${Object.keys(WIRE_KIND).join(', ')}.`, details: { options } });
  return new Map(asked.map(([kind, part]) => [kind, { ...request(kind, part === true ? {} : (part as StreamOptions), camera), ...whole }]));
}
