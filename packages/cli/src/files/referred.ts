import { join } from 'node:path';
import type { ReferredMap } from '@sextant/core';
import { frameName } from './frame-name.js';
import { png8 } from './png.js';
import { writeJson, writeWhole } from './write-whole.js';

/** Writes `referred/<frame>.png`: 8-bit grey, 255 * the probability that a pixel shows what the phrase names. */
export async function writeReferred(folder: string, index: number, { probability, width, height }: ReferredMap): Promise<void> {
  await writeWhole(join(folder, 'referred', frameName(index)), await png8(Uint8Array.from(probability, (p) => Math.round(255 * p)), width, height, 1));
}

/** Writes `referred/meta.json`: the phrase, and how many regions each frame shows from which probability on. */
export async function writeReferredMeta(folder: string, phrase: string, asked: number | undefined, frames: readonly { readonly index: number; readonly count: number; readonly threshold?: number | undefined }[]): Promise<void> {
  await writeJson(join(folder, 'referred', 'meta.json'), { phrase, asked: asked ?? null, meaning: 'value / 255 = probability that the pixel shows what the phrase names', frames });
}
