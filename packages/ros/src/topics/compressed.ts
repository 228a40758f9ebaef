import sharp from 'sharp';
import type { CompressedImage, Image } from '../messages/types.js';

/** How pictures and maps are compressed; names and defaults of image_transport's plugins. */
export interface CompressionOptions {
  /** 1..100. */
  readonly jpegQuality: number;
  /** zlib level, 0..9. */
  readonly pngLevel: number;
  /** compressedDepth of 32FC1: depth beyond so many metres is lost. */
  readonly depthMax: number;
  /** compressedDepth of 32FC1: depth at which one step is about a percent; larger keeps more of the distance. */
  readonly depthQuantization: number;
}

/** ConfigHeader of compressed_depth_image_transport: int32 format (0: inverse depth), two float32 parameters. */
const HEADER_BYTES = 12;
const MOST = 65_535;

/** `<topic>/compressed`: rgb8 as JPEG, mono8 and 16UC1 as PNG, format strings as compressed_image_transport writes them. */
export async function compressImage({ header, encoding, width, height, data }: Image, options: CompressionOptions): Promise<CompressedImage> {
  switch (encoding) {
    case 'rgb8': {
      const jpeg = await sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: options.jpegQuality }).toBuffer();
      return { header, format: 'rgb8; jpeg compressed bgr8', data: jpeg };
    }
    case 'mono8': {
      const png = await sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w').png({ compressionLevel: options.pngLevel }).toBuffer();
      return { header, format: 'mono8; png compressed mono8', data: png };
    }
    case '16UC1':
      return { header, format: '16UC1; png compressed 16UC1', data: await png16(words(data), width, height, options.pngLevel) };
    default:
      throw new RangeError(`${encoding} has no compressed form: rgb8, mono8 and 16UC1 have`);
  }
}

/**
 * `<topic>/compressedDepth`: a 12-byte header and a 16-bit PNG, as compressed_depth_image_transport reads it. 16UC1 goes as it is;
 * 32FC1 as quantised inverse depth, a / z + b with a = q (q + 1), b = 1 - a / depthMax, 0 for no depth. A reader has z = a / (v - b).
 */
export async function compressDepth({ header, encoding, width, height, data }: Image, options: CompressionOptions): Promise<CompressedImage> {
  const config = Buffer.alloc(HEADER_BYTES);
  let values: Uint16Array;
  if (encoding === '16UC1') values = words(data);
  else if (encoding === '32FC1') {
    const { depthMax, depthQuantization: q } = options;
    const a = Math.fround(q * (q + 1));
    const b = Math.fround(1 - a / depthMax);
    config.writeFloatLE(a, 4);
    config.writeFloatLE(b, 8);
    const metres = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    values = new Uint16Array(metres.length);
    for (let i = 0; i < values.length; i++) {
      const z = metres[i];
      // Nearer than 16 bits can say (0.15 m by default) would wrap to far away: there is no value for it.
      const v = z > 0 && z < depthMax ? a / z + b : 0;
      values[i] = v <= MOST ? v : 0;
    }
  } else throw new RangeError(`${encoding} is no depth: 16UC1 and 32FC1 are`);
  const png = await png16(values, width, height, options.pngLevel);
  return { header, format: `${encoding}; compressedDepth png`, data: Buffer.concat([config, png]) };
}

function words(data: Uint8Array): Uint16Array {
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
}

function png16(values: Uint16Array, width: number, height: number, compressionLevel: number): Promise<Buffer> {
  return sharp(values, { raw: { width, height, channels: 1 } }).toColourspace('grey16').png({ compressionLevel }).toBuffer();
}
