import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import sharp from 'sharp';
import { SextantError, pinholeCamera } from '@sextant/core';
import type { CameraModel, Frame, RgbImage } from '@sextant/core';

const unreadable = (path: string, cause: unknown): SextantError =>
  new SextantError('source-corrupt', `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    hint: 'The layout of evaluation items is described in docs/evaluation.md.', details: { path }, cause,
  });

/** A JPEG or PNG picture as rgb8. @throws SextantError `source-corrupt`. */
export async function readPicture(path: string): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(path).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels`);
    return { width: info.width, height: info.height, rgb: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Whole numbers per pixel: labels, ids, raw depth. */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** A grey PNG of 8 or 16 bits, values as stored. @throws SextantError `source-corrupt`. */
export async function readGrey(path: string): Promise<Labels> {
  try {
    const { width, height, data, channels } = decode(await readFile(path));
    if (channels !== 1) throw new Error(`${channels} channels where one is due`);
    return { width, height, data };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Nanoseconds between the frames of one item: what it was taken at is not always known, and 30 Hz is usual. */
const FRAME_NS = 33_333_333n;

/** A picture as the `sequence`-th frame of its item. */
export function toFrame(image: RgbImage, sequence = 0, camera?: CameraModel): Frame {
  return { ...image, stamp: BigInt(sequence) * FRAME_NS, frameId: 'camera_optical_frame', sequence, ...(camera ? { camera } : {}) };
}

/** A camera without distortion. */
export function pinhole(width: number, height: number, [fx, fy, cx, cy]: readonly number[]): CameraModel {
  return pinholeCamera({ width, height }, { fx, fy, cx, cy, provenance: 'calibrated' });
}

/** A part of a picture, box x, y, width, height; clipped to the picture. Undefined where nothing is left. */
export function crop({ rgb, width, height }: RgbImage, box: readonly [number, number, number, number]): (RgbImage & { readonly x: number; readonly y: number }) | undefined {
  const [x, y] = [Math.max(0, Math.floor(box[0])), Math.max(0, Math.floor(box[1]))];
  const [right, bottom] = [Math.min(width, Math.ceil(box[0] + box[2])), Math.min(height, Math.ceil(box[1] + box[3]))];
  const [w, h] = [right - x, bottom - y];
  if (w < 8 || h < 8) return undefined;
  const out = new Uint8Array(w * h * 3);
  for (let row = 0; row < h; row += 1) out.set(rgb.subarray(((y + row) * width + x) * 3, ((y + row) * width + right) * 3), row * w * 3);
  return { rgb: out, width: w, height: h, x, y };
}
