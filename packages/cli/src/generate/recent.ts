import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import { RECENT_FRAMES, bytesToStreams, streamsToBytes, type GeneratedFrame, type RecentFrame, type Size } from '@sextant/model';
import sharp from 'sharp';
import { frameName } from '../files/frame-name.js';
import { writeWhole } from '../files/write-whole.js';

/** The frames before `first` as a folder keeps them, for a clip that goes on. */
export async function readRecent(folder: string, work: string, first: number, joint: boolean): Promise<readonly RecentFrame[]> {
  const indices = Array.from({ length: Math.min(first, RECENT_FRAMES) }, (_, i) => first - Math.min(first, RECENT_FRAMES) + i);
  return Promise.all(indices.map(async (index): Promise<RecentFrame> => {
    const rgb = await readFrame(folder, index);
    if (!joint) return { rgb };
    const bytes = await readFile(streamsFile(work, index)).catch((cause: unknown) => {
      throw new SextantError('io', `the clip cannot go on: the streams of frame ${index} are gone from ${work}`, { hint: 'Make it anew with --overwrite.', details: { frame: index }, cause });
    });
    return { rgb, streams: bytesToStreams(bytes) };
  }));
}

/** A frame's picture, rgb8. */
export async function readFrame(folder: string, index: number): Promise<Uint8Array> {
  const path = join(folder, 'rgb', frameName(index));
  try {
    return new Uint8Array(await sharp(await readFile(path)).removeAlpha().raw().toBuffer());
  } catch (cause) {
    throw new SextantError('io', `the clip cannot go on: ${path} cannot be read: ${(cause as Error).message}`, { hint: 'Make it anew with --overwrite.', details: { frame: index }, cause });
  }
}

/** Keeps the streams of a joint frame (they are on the 256 levels of a byte), and lets go of those that no frame needs any more. */
export async function keepStreams(work: string, { index, streams }: Pick<GeneratedFrame, 'index' | 'streams'>): Promise<void> {
  if (!streams) return;
  await writeWhole(streamsFile(work, index), streamsToBytes(streams));
  await rm(streamsFile(work, index - RECENT_FRAMES), { force: true });
}

function streamsFile(work: string, index: number): string {
  return join(work, 'streams', frameName(index, 'u8'));
}

/** A size as people write it. */
export const inWords = ({ width, height }: Size): string => `${width}x${height}`;
