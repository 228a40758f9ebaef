import { join } from 'node:path';
import type { SegmentationClass, SegmentationMap } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png16, png8 } from './png.js';
import { writeJson, writeWhole } from './write-whole.js';

/** Writes `segmentation/<frame>.png` (8-bit class ids) and `instances/<frame>.png` (16-bit instance ids, 0 none). */
export async function writeSegmentation(folder: string, index: number, { labels, instances, width, height }: SegmentationMap): Promise<void> {
  await writeWhole(join(folder, 'segmentation', frameName(index)), await png8(labels, width, height, 1));
  await writeWhole(join(folder, 'instances', frameName(index)), png16(instances, width, height, 1));
}

/** Writes `classes.json`: `[{id, name, color, thing}]`. */
export async function writeClasses(folder: string, classes: readonly SegmentationClass[]): Promise<void> {
  await writeJson(join(folder, 'classes.json'), classes);
}
