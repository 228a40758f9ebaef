import { encode } from 'fast-png';
import sharp from 'sharp';

/** 8-bit PNG of row-major samples: 1 channel grey, 3 channels rgb. Compressed on another thread. */
export async function png8(data: Uint8Array, width: number, height: number, channels: 1 | 3): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels } });
  // sharp would widen grey to rgb.
  return (channels === 1 ? image.toColourspace('b-w') : image).png({ compressionLevel: 4 }).toBuffer();
}

/** 16-bit PNG of row-major samples: 1 channel grey, 3 channels rgb. */
export function png16(data: Uint16Array, width: number, height: number, channels: 1 | 3): Uint8Array {
  return encode({ width, height, data, depth: 16, channels }, { zlib: { level: 4 } });
}
