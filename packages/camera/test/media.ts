import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import sharp from 'sharp';

/** A folder that is gone when the test file is done; to be called at the file's top level. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-camera-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** rgb8 of one colour. */
export function plain(width: number, height: number, [r, g, b]: readonly [number, number, number]): Buffer {
  const out = Buffer.alloc(width * height * 3);
  for (let i = 0; i < out.length; i += 3) [out[i], out[i + 1], out[i + 2]] = [r, g, b];
  return out;
}

/** A JPEG of noise over a colour, so that it has entropy-coded bytes to damage. */
export function jpeg(width: number, height: number, color: readonly [number, number, number], seed = 1): Promise<Buffer> {
  const rgb = plain(width, height, color);
  let state = seed;
  for (let i = 0; i < rgb.length; i += 1) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    rgb[i] = Math.min(255, Math.max(0, rgb[i] + (state % 21) - 10));
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 }).toBuffer();
}

/** A PNG of one colour. */
export function png(width: number, height: number, color: readonly [number, number, number]): Promise<Buffer> {
  return sharp(plain(width, height, color), { raw: { width, height, channels: 3 } }).png().toBuffer();
}

/** Mean colour of rgb8. */
export function mean(rgb: Uint8Array): [number, number, number] {
  const sum = [0, 0, 0];
  for (let i = 0; i < rgb.length; i += 1) sum[i % 3] += rgb[i];
  return sum.map((s) => (s * 3) / rgb.length) as [number, number, number];
}

/** A YUV4MPEG2 file from planes. */
export async function writeY4m(path: string, header: string, pictures: readonly Uint8Array[]): Promise<void> {
  await writeFile(path, Buffer.concat([Buffer.from(`${header}\n`), ...pictures.flatMap((p) => [Buffer.from('FRAME\n'), p])]));
}

const chunk = (id: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
};
const list = (type: string, ...chunks: Buffer[]): Buffer => chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...chunks]));

/** An AVI with one MJPG stream. */
export function avi(width: number, height: number, fps: number, pictures: readonly Buffer[]): Buffer {
  const avih = Buffer.alloc(56);
  avih.writeUInt32LE(Math.round(1e6 / fps), 0);
  avih.writeUInt32LE(pictures.length, 16);
  const strh = Buffer.alloc(56);
  strh.write('vidsMJPG', 'latin1');
  strh.writeUInt32LE(1, 20);
  strh.writeUInt32LE(fps, 24);
  strh.writeUInt32LE(pictures.length, 32);
  const strf = Buffer.alloc(40);
  strf.writeUInt32LE(40, 0);
  strf.writeInt32LE(width, 4);
  strf.writeInt32LE(height, 8);
  strf.write('MJPG', 16, 'latin1');
  const body = Buffer.concat([
    Buffer.from('AVI ', 'latin1'),
    list('hdrl', chunk('avih', avih), list('strl', chunk('strh', strh), chunk('strf', strf))),
    list('movi', ...pictures.map((p) => chunk('00dc', p))),
  ]);
  return chunk('RIFF', body);
}
