import { SextantError } from '@sextant/core';
import type { CameraModel, DistortionModel, RgbImage } from '@sextant/core';
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

/** A sensor_msgs/CameraInfo. */
export interface RosCameraInfo {
  readonly width: number;
  readonly height: number;
  readonly distortion_model: string;
  readonly d: ArrayLike<number>;
  readonly k: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  readonly p: ArrayLike<number>;
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
 * A sensor_msgs/CompressedImage (JPEG, PNG, WebP, TIFF) as rgb8.
 * @throws SextantError `unsupported` for compressedDepth, `too-large`, `source-corrupt` for what cannot be decoded.
 */
export async function decodeRosCompressedImage({ format, data }: RosCompressedImage, name: string, maxPixels: number): Promise<RgbImage> {
  if (/compresseddepth/i.test(format)) {
    throw new SextantError('unsupported', `${name} holds compressed depth ('${format}'), not a picture`, { hint: 'Name the topic of the colour picture.', details: { topic: name, format } });
  }
  try {
    // Never turned by EXIF here: a camera_info beside it speaks of the picture as it is stored, and ROS writes no EXIF.
    return await decodePicture(data, { name, maxPixels });
  } catch (cause) {
    if (SextantError.isInstance(cause)) throw cause;
    throw new SextantError('source-corrupt', `${name}: ${data.length} bytes of '${format}' cannot be decoded: ${(cause as Error).message}`, {
      hint: 'Known are JPEG, PNG, WebP and TIFF.', details: { topic: name, format, bytes: data.length }, cause,
    });
  }
}

const LENSES: Readonly<Record<string, DistortionModel>> = { plumb_bob: 'plumb_bob', rational_polynomial: 'rational_polynomial', equidistant: 'equidistant', fisheye: 'equidistant', '': 'none', none: 'none' };

/**
 * A sensor_msgs/CameraInfo as intrinsics; undefined where the camera is not calibrated (K is zero, as drivers then write).
 * @throws SextantError `unsupported` for an unknown lens model.
 */
export function cameraFromRos(info: RosCameraInfo, name: string): CameraModel | undefined {
  const k = Array.from(info.k);
  if (!(k[0] > 0) || !(k[4] > 0) || !(info.width > 0) || !(info.height > 0)) return undefined;
  const d = Array.from(info.d);
  const lens = Object.hasOwn(LENSES, info.distortion_model) ? LENSES[info.distortion_model] : undefined;
  if (lens === undefined) {
    throw new SextantError('unsupported', `${name} has the lens model '${info.distortion_model}'`, { hint: `Known: ${Object.keys(LENSES).filter(Boolean).join(', ')}.`, details: { topic: name, model: info.distortion_model } });
  }
  const flat = d.every((c) => c === 0);
  const p = Array.from(info.p);
  const r = Array.from(info.r);
  return {
    width: info.width, height: info.height, k, distortionModel: flat ? 'none' : lens, d: flat ? [] : d,
    r: r.some((v) => v !== 0) ? r : [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: p[0] > 0 ? p : [k[0], k[1], k[2], 0, k[3], k[4], k[5], 0, k[6], k[7], k[8], 0],
    provenance: 'calibrated',
  };
}
