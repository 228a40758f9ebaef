import { SextantError } from '@sextant/core';
import type { RgbImage } from '@sextant/core';
import { checkPixels, decodePicture } from '../formats/picture-decoder.js';
import { convertWithOpenCv, isOpenCvEncoding } from './opencv-encodings.js';

/** A sensor_msgs/Image as a deserialiser gives it. */
export interface RosImage {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly is_bigendian: number | boolean;
  /** Bytes from one row to the next. */
  readonly step: number;
  readonly data: Uint8Array;
}

/** A sensor_msgs/CompressedImage. */
export interface RosCompressedImage {
  readonly format: string;
  readonly data: Uint8Array;
}

/** Channels of a pixel, where red, green and blue are among them, and bytes of a channel. */
interface Packed {
  readonly channels: number;
  readonly rgb: readonly [number, number, number];
  readonly bytes: 1 | 2;
}

/** sensor_msgs/image_encodings.hpp: what is packed pixel by pixel. OpenCV's names without a meaning are taken as bgr, as cv_bridge does. */
const PACKED: Readonly<Record<string, Packed>> = {
  rgb8: { channels: 3, rgb: [0, 1, 2], bytes: 1 },
  bgr8: { channels: 3, rgb: [2, 1, 0], bytes: 1 },
  rgba8: { channels: 4, rgb: [0, 1, 2], bytes: 1 },
  bgra8: { channels: 4, rgb: [2, 1, 0], bytes: 1 },
  mono8: { channels: 1, rgb: [0, 0, 0], bytes: 1 },
  rgb16: { channels: 3, rgb: [0, 1, 2], bytes: 2 },
  bgr16: { channels: 3, rgb: [2, 1, 0], bytes: 2 },
  rgba16: { channels: 4, rgb: [0, 1, 2], bytes: 2 },
  bgra16: { channels: 4, rgb: [2, 1, 0], bytes: 2 },
  mono16: { channels: 1, rgb: [0, 0, 0], bytes: 2 },
  '8UC1': { channels: 1, rgb: [0, 0, 0], bytes: 1 },
  '8UC3': { channels: 3, rgb: [2, 1, 0], bytes: 1 },
  '8UC4': { channels: 4, rgb: [2, 1, 0], bytes: 1 },
};

const bad = (name: string, what: string, details: Record<string, unknown>): SextantError =>
  new SextantError('source-corrupt', `${name}: ${what}`, { hint: 'Look at the message with `ros2 topic echo --no-arr`, or record it again.', details });

/**
 * A sensor_msgs/Image as rgb8: packed colours and greys of 8 and 16 bits (the high byte is kept), Bayer patterns and 4:2:2 and
 * 4:2:0 YUV (sensor_msgs/image_encodings.hpp; the last two by OpenCV). `name` is the topic, for errors.
 *
 * @throws SextantError `unsupported` for another encoding (depth and float pictures too), `too-large`, `source-corrupt`
 * where the data are fewer than size and step say.
 */
export async function decodeRosImage(image: RosImage, name: string, maxPixels: number): Promise<RgbImage> {
  const { width, height, encoding, step, data } = image;
  if (!(width > 0) || !(height > 0)) throw bad(name, `the picture is ${width}x${height}`, { width, height });
  checkPixels(name, width, height, maxPixels);
  if (isOpenCvEncoding(encoding)) return convertWithOpenCv(image, name);
  const packed = Object.hasOwn(PACKED, encoding) ? PACKED[encoding] : undefined;
  if (packed === undefined) {
    throw new SextantError('unsupported', `${name} has the encoding '${encoding}', which is no colour or grey picture known here`, {
      hint: `Known: ${[...Object.keys(PACKED), 'bayer_*8', 'bayer_*16', 'yuv422', 'yuv422_yuy2', 'uyvy', 'yuyv', 'nv12', 'nv21'].join(', ')}.`,
      details: { topic: name, encoding },
    });
  }
  const { channels, rgb: [r, g, b], bytes } = packed;
  const row = width * channels * bytes;
  if (step < row || data.length < step * (height - 1) + row) {
    throw bad(name, `a ${width}x${height} ${encoding} picture with a step of ${step} needs ${Math.max(step, row) * height} bytes, here are ${data.length}`, { width, height, step, bytes: data.length });
  }
  const out = new Uint8Array(width * height * 3);
  const high = bytes === 2 && !image.is_bigendian ? 1 : 0;
  for (let y = 0, o = 0; y < height; y += 1) {
    for (let x = 0, i = y * step + high; x < width; x += 1, i += channels * bytes, o += 3) {
      out[o] = data[i + r * bytes];
      out[o + 1] = data[i + g * bytes];
      out[o + 2] = data[i + b * bytes];
    }
  }
  return { width, height, rgb: out };
}

/**
 * A sensor_msgs/CompressedImage (JPEG, PNG, WebP, TIFF) as rgb8, as it is stored: an EXIF note of its orientation is not heeded. Of a Bayer
 * camera image_transport compresses the mosaic itself, and says so in `format` (`bayer_rggb8; jpeg compressed`): it becomes colours.
 * @throws SextantError `unsupported` for compressedDepth, `too-large`, `source-corrupt` for what cannot be decoded.
 */
export async function decodeRosCompressedImage({ format, data }: RosCompressedImage, name: string, maxPixels: number): Promise<RgbImage> {
  if (/compresseddepth/i.test(format)) {
    throw new SextantError('unsupported', `${name} holds compressed depth ('${format}'), not a picture`, { hint: 'Name the topic of the colour picture.', details: { topic: name, format } });
  }
  try {
    // Never turned by EXIF: a camera_info beside it speaks of the picture as it is stored.
    const picture = await decodePicture(data, { name, maxPixels, upright: false });
    const [, pattern] = /^(bayer_[a-z]{4})(?:8|16);/.exec(format) ?? [];
    const { width, height, rgb } = picture;
    if (pattern === undefined || !rgb.every((value, i) => value === rgb[i - (i % 3)])) return picture; // in colour it is no mosaic any more
    return await convertWithOpenCv({ width, height, encoding: `${pattern}8`, step: width, is_bigendian: 0, data: rgb.filter((_, i) => i % 3 === 0) }, name);
  } catch (cause) {
    if (SextantError.isInstance(cause)) throw cause;
    throw new SextantError('source-corrupt', `${name}: ${data.length} bytes of '${format}' cannot be decoded: ${(cause as Error).message}`, {
      hint: 'Known are JPEG, PNG, WebP and TIFF.', details: { topic: name, format, bytes: data.length }, cause,
    });
  }
}
