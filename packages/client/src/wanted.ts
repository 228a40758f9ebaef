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
 * @throws SextantError `bad-argument` where nothing is asked for, or something that there is not (plain JavaScript can name anything).
 */
export function requests(options: FrameOptions, camera: number, group: number): ReadonlyMap<AnyResult['kind'], StreamRequest> {
  const { rate, priority, ...parts } = options;
  const unknown = Object.keys(parts).find((name) => !(name in WIRE_KIND));
  if (unknown !== undefined) throw new SextantError('bad-argument', `frames() was asked for ${JSON.stringify(unknown)}, which there is not`, { hint: `Name some of ${Object.keys(WIRE_KIND).join(', ')}, and rate and priority of the whole.`, details: { options } });
  const whole = { group, ...(rate !== undefined && { rate }), ...(priority !== undefined && { priority }) };
  const asked = (Object.entries(parts) as [AnyResult['kind'], boolean | StreamOptions | null | undefined][]).filter(([, part]) => part !== undefined && part !== null && part !== false);
  if (asked.length === 0)
    throw new SextantError('bad-argument', 'frames() was asked for nothing', { hint: `Name at least one of ${Object.keys(WIRE_KIND).join(', ')}.`, details: { options } });
  return new Map(asked.map(([kind, part]) => [kind, { ...request(kind, part === true ? {} : (part as StreamOptions), camera), ...whole }]));
}
