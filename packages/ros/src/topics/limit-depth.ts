import type { DepthMap, Perception } from '@sextant/core';

/**
 * The perception with every depth below `confidence` (0..1; only where the model says how sure it is) or beyond `maxRange` metres
 * made NaN. A relative map has no metres, so no range. 0 is no limit; without one the perception itself comes back.
 */
export function limitDepth(perception: Perception, confidence: number, maxRange: number): Perception {
  const { depth } = perception;
  if (depth === undefined) return perception;
  const sure = confidence > 0 ? depth.confidence : undefined;
  const most = maxRange > 0 && depth.provenance !== 'relative' ? maxRange : Infinity;
  if (sure === undefined && most === Infinity) return perception;
  const metres = new Float32Array(depth.metres.length);
  for (let i = 0; i < metres.length; i++) {
    const z = depth.metres[i];
    metres[i] = z <= most && (sure === undefined || sure[i] >= confidence) ? z : NaN;
  }
  const limited: DepthMap = { ...depth, metres };
  return { ...perception, depth: limited };
}
