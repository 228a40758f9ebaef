import { join } from 'node:path';
import type { RgbImage } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png8 } from './png.js';
import { writeWhole } from './write-whole.js';

/** Writes `rgb/<frame>.png`. */
export async function writeRgb(folder: string, index: number, { rgb, width, height }: RgbImage): Promise<void> {
  await writeWhole(join(folder, 'rgb', frameName(index)), await png8(rgb, width, height, 3));
}
