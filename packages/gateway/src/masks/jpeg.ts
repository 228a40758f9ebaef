import { SextantError } from '@sextant/core';
import type { CameraPicture, PicturePayload, RgbImage, StreamRequest } from '@sextant/core';
import sharp from 'sharp';
import { fitSize } from './prepare-payload.js';

const DEFAULT_QUALITY = 80;

/** A picture as JPEG at the size and quality asked for. */
export async function encodeJpeg({ rgb, width, height }: RgbImage, want: StreamRequest): Promise<PicturePayload> {
  const size = fitSize({ width, height }, want);
  let picture = sharp(rgb, { raw: { width, height, channels: 3 } });
  if (size.width !== width || size.height !== height) picture = picture.resize({ ...size, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: true });
  const data = await picture.jpeg({ quality: want.quality ?? DEFAULT_QUALITY }).toBuffer();
  return { kind: 'rgb', ...size, mediaType: 'image/jpeg', data };
}

/**
 * Decodes a client's picture to rgb8. Its own header is checked before anything of its size is allocated.
 * @throws SextantError `too-large` beyond `maxPixels`; `source-corrupt` for what is no JPEG of the declared size.
 */
export async function decodeJpeg({ data, width, height, camera }: CameraPicture, maxPixels: number): Promise<RgbImage> {
  const what = `a picture of camera ${camera}`;
  if (width * height > maxPixels)
    throw new SextantError('too-large', `${what} has ${width}x${height} pixels, this server takes ${maxPixels}`, { hint: 'Send it smaller: maxWidth and maxHeight of camera().', details: { width, height, maxPixels } });
  try {
    const picture = sharp(data, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true });
    const found = await picture.metadata();
    if (found.format !== 'jpeg' || found.width !== width || found.height !== height) throw new Error(`it is ${found.format} of ${found.width}x${found.height}, declared as JPEG of ${width}x${height}`);
    const { data: rgb, info } = await picture.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { width, height, rgb: new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.length) };
  } catch (cause) {
    throw new SextantError('source-corrupt', `${what} cannot be decoded: ${(cause as Error).message}`, { hint: 'Send baseline or progressive JPEG whose size is the declared one.', details: { bytes: data.length, width, height }, cause });
  }
}
