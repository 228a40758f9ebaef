import type { Frame } from '@sextant/core';
import type { Image, ImageEncoding } from '../messages/types.js';
import { headerOf } from './header.js';

const BYTES_PER_PIXEL: Readonly<Record<ImageEncoding, number>> = {
  rgb8: 3,
  mono8: 1,
  '8UC3': 3,
  '16UC1': 2,
  '32FC1': 4,
  '32FC2': 8,
};

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A sensor_msgs/Image of a map's values. `data` is a view of `values`, not a copy. */
export function imageOf(frame: Frame, width: number, height: number, encoding: ImageEncoding, values: Uint8Array | Uint16Array | Float32Array): Image {
  const step = width * BYTES_PER_PIXEL[encoding];
  if (values.byteLength !== step * height)
    throw new RangeError(`${encoding} ${width}x${height} needs ${step * height} bytes, the map has ${values.byteLength}`);
  return {
    header: headerOf(frame),
    height,
    width,
    encoding,
    is_bigendian: LITTLE_ENDIAN || BYTES_PER_PIXEL[encoding] === 1 ? 0 : 1,
    step,
    data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}
