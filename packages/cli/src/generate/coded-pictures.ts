import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError, type Modality, type RgbImage } from '@sextant/core';
import type { Size } from '@sextant/model';
import { fit, fitRgb } from '@sextant/synth';
import sharp from 'sharp';
import { codedFolder } from '../files/coded-folder.js';

/** Coloured pictures of one modality, in a folder, as a model over latents is told them. */
export interface CodedPictures {
  readonly frames: number;
  readonly size: Size;
  /** Picture `index`, cut and resampled to `to`, and the hash of its file. */
  at(index: number, to: Size): Promise<{ readonly picture: RgbImage; readonly sha256: string }>;
}

/**
 * Opens `<folder>/<modality>-coded/*.png`; `undefined` where there is no such folder.
 * @throws SextantError `source-missing` where it is empty, `source-corrupt` for a missing number or a file that is no picture.
 */
export async function openCodedPictures(folder: string, modality: Modality): Promise<CodedPictures | undefined> {
  const path = join(folder, codedFolder(modality));
  const names = await readdir(path).then((files) => files.filter((name) => /^\d+\.png$/.test(name)).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)), () => undefined);
  if (!names) return undefined;
  if (names.length === 0) throw new SextantError('source-missing', `${path} holds no 000000.png or the like`, { hint: 'Put the coloured pictures there, numbered without a gap.', details: { path } });
  const first = Number.parseInt(names[0], 10);
  names.forEach((name, i) => {
    if (Number.parseInt(name, 10) !== first + i) throw new SextantError('source-corrupt', `${modality} of frame ${first + i} is missing in ${path}`, { hint: 'Number the files without a gap.', details: { path, frame: first + i } });
  });
  const read = async (name: string): Promise<{ picture: RgbImage; sha256: string }> => {
    const bytes = await readFile(join(path, name));
    try {
      const { data, info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
      return { picture: { width: info.width, height: info.height, rgb: new Uint8Array(data) }, sha256: createHash('sha256').update(bytes).digest('hex') };
    } catch (cause) {
      throw new SextantError('source-corrupt', `${join(path, name)} is no readable picture: ${(cause as Error).message}`, { hint: 'Make the file again.', details: { path, name }, cause });
    }
  };
  const { picture: { width, height } } = await read(names[0]);
  return {
    frames: names.length, size: { width, height },
    at: async (index, to) => {
      const { picture, sha256 } = await read(names[index]);
      if (picture.width !== width || picture.height !== height) throw new SextantError('source-corrupt', `${join(path, names[index])} is ${picture.width}x${picture.height}, the first picture is ${width}x${height}`, { hint: 'Give pictures of one clip.', details: { path, index } });
      return { picture: { ...to, rgb: fitRgb(picture, fit(picture, to)) }, sha256 };
    },
  };
}
