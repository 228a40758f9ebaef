import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const deflateAsync = promisify(deflate);
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Packs text into the pixels of an rgb8 PNG, rosbridge's `png` compression, as base64. The picture is as square as can be and
 * padded with newlines, which JSON readers skip. Deflate runs in the thread pool.
 */
export async function encodeTextAsPng(text: string): Promise<string> {
  const bytes = Buffer.from(text, 'utf8');
  const width = Math.max(1, Math.floor(Math.sqrt(bytes.length / 3)));
  const stride = width * 3;
  const height = Math.max(1, Math.ceil(bytes.length / stride));
  const rows = Buffer.alloc((stride + 1) * height, '\n');
  for (let y = 0; y < height; y++) {
    rows[y * (stride + 1)] = 0; // filter: none
    bytes.copy(rows, y * (stride + 1) + 1, y * stride, Math.min((y + 1) * stride, bytes.length));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, truecolour, deflate, adaptive filters, not interlaced
  const data = await deflateAsync(rows, { level: 1 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]).toString('base64');
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
