import { join } from 'node:path';
import type { FlowField } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png16 } from './png.js';
import { writeWhole } from './write-whole.js';

const SCALE = 64;
const OFFSET = 32_768;
const MOST = 65_535;

/**
 * A flow field as KITTI's samples (devkit of KITTI 2015): red u * 64 + 2^15, green v * 64 + 2^15, blue 1 where known. Unknown
 * (NaN) and what the range of +-512 pixels cannot hold is 0, 0, 0.
 */
export function encodeFlow(pixels: Float32Array): Uint16Array {
  const out = new Uint16Array((pixels.length / 2) * 3);
  for (let i = 0, o = 0; i < pixels.length; i += 2, o += 3) {
    const u = Math.round(pixels[i] * SCALE) + OFFSET;
    const v = Math.round(pixels[i + 1] * SCALE) + OFFSET;
    if (!(u >= 0 && u <= MOST && v >= 0 && v <= MOST)) continue;
    out[o] = u;
    out[o + 1] = v;
    out[o + 2] = 1;
  }
  return out;
}

/** Writes `flow/<frame>.png`, KITTI 16-bit: position in this frame minus position in the previous one, on this frame's grid. */
export async function writeFlow(folder: string, index: number, { pixels, width, height }: FlowField): Promise<void> {
  await writeWhole(join(folder, 'flow', frameName(index)), png16(encodeFlow(pixels), width, height, 3));
}
