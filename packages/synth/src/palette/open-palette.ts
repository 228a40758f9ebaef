import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError, type SegmentationClass } from '@sextant/core';
import sharp from 'sharp';
import { fit as fitOf, fitNearest, fitRgb } from '../conditions/fit.js';
import { sha256, together } from '../conditions/hash.js';
import { pngFrames, readPng } from '../conditions/png-frames.js';
import type { ConditionReader } from '../conditions/source.js';
import { classColours, regionColours } from './region-colours.js';

/** Where a palette's colours come from: a folder with rgb/, segmentation/ and instances/ of the same frames, or the classes' display colours. */
export type PaletteSource = { readonly from: 'folder'; readonly path: string } | { readonly from: 'classes' };

/**
 * Opens a palette. `classes` needs a condition with segmentation.
 * @throws SextantError `source-missing`, `source-corrupt`, `bad-argument`.
 */
export async function openPalette(source: PaletteSource, segmentation: ConditionReader | undefined, classes: readonly SegmentationClass[]): Promise<ConditionReader> {
  if (source.from === 'classes') {
    if (!segmentation) throw new SextantError('bad-argument', 'a palette of class colours needs segmentation', { hint: 'Give --condition segmentation=dir too, or a folder as palette.' });
    const { first, last, size } = segmentation;
    return {
      modality: 'palette', first, last, size, notes: [],
      read: async (number, fit) => {
        const { part, sha256: read } = await segmentation.read(number, fit);
        return { part: { palette: { ...fit.to, rgb: classColours(part.segmentation!.labels, classes) } }, sha256: read };
      },
    };
  }
  const { path } = source;
  const missing = ['rgb', 'segmentation', 'instances'].filter((name) => !existsSync(join(path, name)));
  if (missing.length > 0) {
    throw new SextantError('source-missing', `${path} is no palette: it has no ${missing.join(', no ')}`, { hint: 'Region colours need pictures and the regions in them: a folder that sextant world wrote has all three.', details: { path, missing } });
  }
  const [pictures, labels, instances] = await Promise.all(['rgb', 'segmentation', 'instances'].map((name) => pngFrames(path, name)));
  const { width, height } = await readPng(labels, labels.first, 'segmentation', { depth: 8, channels: 1 });
  return {
    modality: 'palette', first: Math.max(pictures.first, labels.first, instances.first), last: Math.min(pictures.last, labels.last, instances.last), size: { width, height }, notes: [],
    read: async (number, fit) => {
      const [{ rgb, sha256: picture }, ids, things] = await Promise.all([
        readRgb(join(pictures.folder, pictures.names.get(number) ?? '')),
        readPng(labels, number, 'segmentation', { depth: 8, channels: 1 }, { width, height }),
        readPng(instances, number, 'instances', { depth: 16, channels: 1 }, { width, height }),
      ]);
      const on = (map: Uint8Array | Uint16Array): Uint8Array | Uint16Array => fitNearest(map, fit);
      // Pictures may be of another size than the regions.
      const colours = regionColours(fitRgb(rgb, fitOf(rgb, fit.to)), on(ids.data) as Uint8Array, on(things.data) as Uint16Array);
      return { part: { palette: { ...fit.to, rgb: colours } }, sha256: together(picture, ids.sha256, things.sha256) };
    },
  };
}

async function readRgb(path: string): Promise<{ rgb: { width: number; height: number; rgb: Uint8Array }; sha256: string }> {
  try {
    const bytes = await readFile(path);
    const { data, info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    return { rgb: { width: info.width, height: info.height, rgb: new Uint8Array(data) }, sha256: sha256(bytes) };
  } catch (cause) {
    throw new SextantError('source-corrupt', `${path} is no readable picture: ${(cause as Error).message}`, { hint: 'Make the file again.', details: { path }, cause });
  }
}

