import { join } from 'node:path';
import type { DepthMap } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png16 } from './png.js';
import { writeJson, writeWhole } from './write-whole.js';

const MOST = 65_535;
/** Relative depth is stored so that a clip's first frame fills at most half of the range. */
const RELATIVE_MOST = 32_767;

/** What the values of a clip's depth files mean; `depth/meta.json` is this with words. */
export interface DepthScale {
  readonly provenance: DepthMap['provenance'];
  /** Stored value = rounded depth * scale; 1000 for metres. */
  readonly scale: number;
}

/**
 * The scale of a clip's depth files, from its first depth map: millimetres where the depth is in metres; for relative depth
 * the largest power of ten up to 1000 under which the first map's 98th percentile stays below half of the range.
 */
export function depthScale({ provenance, metres }: DepthMap): DepthScale {
  if (provenance !== 'relative') return { provenance, scale: 1000 };
  const valid = metres.filter((z) => z > 0 && z < Infinity).sort();
  const far = valid[Math.floor(0.98 * (valid.length - 1))] ?? 1;
  return { provenance, scale: 10 ** Math.min(3, Math.floor(Math.log10(RELATIVE_MOST / far))) };
}

/** 16-bit samples of a depth map: 0 for none, and for what the range cannot hold (a clipped value would be a lie). */
export function encodeDepth(metres: Float32Array, scale: number): Uint16Array {
  const out = new Uint16Array(metres.length);
  for (let i = 0; i < metres.length; i += 1) {
    const value = Math.round(metres[i] * scale);
    out[i] = value > 0 && value <= MOST ? value : 0;
  }
  return out;
}

/** Writes `depth/<frame>.png`: 16-bit grey, depth * scale, 0 invalid. */
export async function writeDepth(folder: string, index: number, depth: DepthMap, { scale }: DepthScale): Promise<void> {
  await writeWhole(join(folder, 'depth', frameName(index)), png16(encodeDepth(depth.metres, scale), depth.width, depth.height, 1));
}

/** Writes `depth/meta.json`. */
export async function writeDepthMeta(folder: string, { provenance, scale }: DepthScale): Promise<void> {
  const metric = provenance !== 'relative';
  await writeJson(join(folder, 'depth', 'meta.json'), {
    provenance,
    unit: metric ? 'millimetre' : 'relative',
    scale,
    invalid: 0,
    axis: 'z, along the optical axis',
    meaning: metric
      ? `value / ${scale} = metres; 0: no depth, or beyond ${MOST / scale} m`
      : `value / ${scale} = the model's depth in an unknown unit, the same for the whole clip: proportional to metres by one unknown factor; 0: no depth, or beyond the range`,
  });
}
