import type { Frame } from '@sextant/core';
import type { CompressedImage, Image } from '../messages/types.js';
import { compressImage, type CompressionOptions } from './compressed.js';

interface Made {
  readonly pixels: ArrayBufferLike;
  readonly offset: number;
  readonly quality: number;
  readonly message: Promise<CompressedImage>;
}

const made = new WeakMap<Frame, Made[]>();

/**
 * `compressImage` of one of a frame's pictures, once for all topics that show the same pixels: without a lens to take out `rgb/image_raw` and `rgb/image_rect` are
 * one picture, and a JPEG costs more than most of what else is done with a frame. Nothing is kept longer than the frame.
 */
export function compressedOnce(frame: Frame, image: Image, options: CompressionOptions): Promise<CompressedImage> {
  const { buffer: pixels, byteOffset: offset } = image.data;
  const { jpegQuality: quality } = options;
  const known = made.get(frame) ?? [];
  made.set(frame, known);
  const same = known.find((other) => other.pixels === pixels && other.offset === offset && other.quality === quality);
  if (same !== undefined) return same.message;
  const message = compressImage(image, options);
  known.push({ pixels, offset, quality, message });
  return message;
}
