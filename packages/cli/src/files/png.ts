import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** 8-bit PNG of row-major samples: 1 channel grey, 3 channels rgb. Compressed on another thread. */
export async function png8(data: Uint8Array, width: number, height: number, channels: 1 | 3): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels } });
  // sharp would widen grey to rgb.
  return (channels === 1 ? image.toColourspace('b-w') : image).png({ compressionLevel: 4 }).toBuffer();
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** PNG's colour types by channels. */
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;

/**
 * 16-bit PNG of row-major samples: 1 channel grey, 3 channels rgb. Written here since libvips takes raw 16-bit
 * samples only by way of its own colour spaces, and zlib compresses several times faster than the encoders in JavaScript.
 */
export function png16(data: Uint16Array, width: number, height: number, channels: 1 | 3): Uint8Array {
  const row = width * channels;
  const raw = Buffer.alloc(height * (1 + row * 2)); // each row begins with its filter, 0: none
  for (let y = 0, o = 0; y < height; y += 1) {
    o += 1;
    for (let i = y * row; i < (y + 1) * row; i += 1) {
      raw[o++] = data[i] >> 8;
      raw[o++] = data[i] & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([16, COLOUR_TYPE[channels], 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(raw, { level: 4 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
