import { SextantError } from '@sextant/core';
import type { RgbImage } from '@sextant/core';
import sharp from 'sharp';

/** What to do when a picture differs in size from the first. */
export type MixedSizes = 'error' | 'resize';

/** Refuses a picture of more than `maxPixels`. @throws SextantError `too-large`. */
export function checkPixels(name: string, width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new SextantError('too-large', `${name} has ${width}x${height} = ${((width * height) / 1e6).toFixed(1)} megapixels, the limit is ${(maxPixels / 1e6).toFixed(1)}`, {
    hint: 'Scale it down, or raise maxPixels if there is memory for it.',
    details: { name, width, height, maxPixels },
  });
}

/** The size a picture has once it is upright, or as it is stored, from its header alone. Throws sharp's error for what is no picture. */
export async function pictureSize(input: string | Uint8Array, upright = true): Promise<{ width: number; height: number }> {
  const { width, height, autoOrient } = await sharp(input, { limitInputPixels: false }).metadata();
  return upright ? { width: autoOrient.width, height: autoOrient.height } : { width, height };
}

/**
 * Decodes PNG or JPEG to rgb8: upright by its EXIF note (unless `upright` is false), transparency over black, grey to three channels,
 * 16 bits to 8, any colour space to sRGB. With `size` it is stretched to it.
 *
 * @throws SextantError `too-large` beyond `maxPixels`; sharp's own error for what cannot be decoded.
 */
export async function decodePicture(
  input: string | Uint8Array,
  options: { readonly name: string; readonly maxPixels: number; readonly size?: { readonly width: number; readonly height: number }; readonly upright?: boolean },
): Promise<RgbImage> {
  const { upright = true } = options;
  const found = await pictureSize(input, upright);
  checkPixels(options.name, found.width, found.height, options.maxPixels);
  const stored = sharp(input, { failOn: 'error', limitInputPixels: false, sequentialRead: true });
  let picture = (upright ? stored.autoOrient() : stored).flatten({ background: '#000' }).toColourspace('srgb');
  if (options.size !== undefined && (options.size.width !== found.width || options.size.height !== found.height)) {
    picture = picture.resize({ ...options.size, fit: 'fill' });
  }
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

/** The error for pictures of different sizes. */
export function mixedSizesError(name: string, found: RgbImage, first: { readonly width: number; readonly height: number }): SextantError {
  return new SextantError('source-corrupt', `${name} is ${found.width}x${found.height}, the pictures before it are ${first.width}x${first.height}`, {
    hint: "Put pictures of one size into a folder, or set mixedSizes: 'resize' to stretch all to the first one's.",
    details: { name, found: [found.width, found.height], first: [first.width, first.height] },
  });
}
