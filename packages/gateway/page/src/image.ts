import type { RgbImage } from '@sextant/core';

/** sensor_msgs/Image as it comes out of rosbridge's CBOR. */
export interface ImageMessage {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly data: Uint8Array;
}

/** The pixels of a 32FC1 or 32FC2 image; a copy, because CBOR does not align them. */
export function floats({ data }: ImageMessage): Float32Array {
  return new Float32Array(data.slice().buffer);
}

/** Metres of `depth/image`, whichever way it is encoded (16UC1 is millimetres, 0 none). */
export function metresOf(image: ImageMessage): Float32Array {
  if (image.encoding !== '16UC1') return floats(image);
  return Float32Array.from(new Uint16Array(image.data.slice().buffer), (mm) => (mm === 0 ? NaN : mm / 1000));
}

/** Puts an rgb picture on a canvas, which takes its size. */
export function paint(canvas: HTMLCanvasElement, { width, height, rgb }: RgbImage): CanvasRenderingContext2D | undefined {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return undefined;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pixels = context.createImageData(width, height);
  const out = new Uint32Array(pixels.data.buffer);
  for (let i = 0, o = 0; o < out.length; i += 3, o++) out[o] = 0xff000000 | ((rgb[i + 2] ?? 0) << 16) | ((rgb[i + 1] ?? 0) << 8) | (rgb[i] ?? 0);
  context.putImageData(pixels, 0, 0);
  return context;
}
