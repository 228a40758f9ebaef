import { join } from 'node:path';
import type { DensePoseMap } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png8 } from './png.js';
import { writeWhole } from './write-whole.js';

/** Writes `densepose/<frame>.png`: 8-bit rgb, red the part (0 none, 1..24), green u, blue v (0..255). */
export async function writeDensepose(folder: string, index: number, { part, u, v, width, height }: DensePoseMap): Promise<void> {
  const iuv = new Uint8Array(width * height * 3);
  for (let i = 0, o = 0; i < part.length; i += 1, o += 3) {
    iuv[o] = part[i]!;
    iuv[o + 1] = u[i]!;
    iuv[o + 2] = v[i]!;
  }
  await writeWhole(join(folder, 'densepose', frameName(index)), await png8(iuv, width, height, 3));
}
