import { SextantError } from '@sextant/core';
import { Damage } from '../stream/damage.js';
import type { Picture, ReadContext } from '../stream/picture.js';
import { ByteReader, openFile } from './byte-reader.js';
import { checkPixels } from './picture-decoder.js';
import { yuvBytes, yuvToRgb } from './yuv.js';
import type { Subsampling, YuvLayout } from './yuv.js';

/** What the first line of a YUV4MPEG2 file says. */
export interface Y4mHeader extends YuvLayout {
  /** Frames per second as a fraction. */
  readonly rate: readonly [number, number];
}

const COLOURS: Readonly<Record<string, Subsampling>> = {
  C420: '420', C420jpeg: '420', C420mpeg2: '420', C420paldv: '420', C422: '422', C444: '444', Cmono: 'mono',
};
const LINE_LIMIT = 1024;

const corrupt = (path: string, what: string, details: Record<string, unknown> = {}): SextantError =>
  new SextantError('source-corrupt', `${path}: ${what}`, { hint: 'Write or copy the file again; the pictures before the damage were delivered.', details: { path, ...details } });

async function readLine(reader: ByteReader): Promise<string | undefined> {
  for (let want = 64; ; want *= 2) {
    const more = await reader.ensure(want);
    const at = reader.bytes.indexOf(10);
    if (at >= 0 && at < LINE_LIMIT) return reader.take(at + 1).toString('latin1', 0, at);
    if (!more || want > LINE_LIMIT) return undefined;
  }
}

/**
 * Parses the header line of a YUV4MPEG2 file.
 * @throws SextantError `source-corrupt` for what is none, `unsupported` for more than 8 bits or an alpha plane.
 */
export function parseY4mHeader(line: string, path: string): Y4mHeader {
  const [magic, ...fields] = line.trim().split(' ');
  const field = (letter: string): string | undefined => fields.find((word) => word.startsWith(letter));
  const [width, height] = [Number(field('W')?.slice(1)), Number(field('H')?.slice(1))];
  if (magic !== 'YUV4MPEG2' || !Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw corrupt(path, `this is no YUV4MPEG2 header: ${JSON.stringify(line.slice(0, 80))}`);
  }
  const colour = field('C') ?? 'C420';
  const subsampling = Object.hasOwn(COLOURS, colour) ? COLOURS[colour] : undefined;
  if (subsampling === undefined) {
    throw new SextantError('unsupported', `${path}: pixels of kind ${colour} are not read`, { hint: `Convert it to one of ${Object.keys(COLOURS).join(', ')}.`, details: { path, colour } });
  }
  const [num = 0, den = 0] = (field('F')?.slice(1) ?? '').split(':').map(Number);
  const rate: [number, number] = num > 0 && den > 0 ? [num, den] : [30, 1]; // F0:0 is "unknown"
  return { width, height, subsampling, fullRange: fields.includes('XCOLORRANGE=FULL'), rate };
}

/** Header and number of whole pictures (from the file's size; pictures with parameters of their own are longer). */
export async function probeY4m(path: string): Promise<Y4mHeader & { readonly frames: number }> {
  const file = await openFile(path);
  try {
    const line = await readLine(new ByteReader(file, path, 1 << 20));
    const header = parseY4mHeader(line ?? '', path);
    const { size } = await file.stat();
    return { ...header, frames: Math.floor((size - line!.length - 1) / (yuvBytes(header) + 6)) };
  } finally {
    await file.close();
  }
}

/** Reads a YUV4MPEG2 file; stamps from its frame rate. */
export async function* readY4m(path: string, context: ReadContext): AsyncGenerator<Picture> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const reader = new ByteReader(file, path, Math.max(1 << 20, context.maxPixels * 3 + LINE_LIMIT));
    const line = await readLine(reader);
    const header = parseY4mHeader(line ?? '', path);
    checkPixels(path, header.width, header.height, context.maxPixels);
    const bytes = yuvBytes(header);
    const expected = Math.ceil((size - line!.length - 1) / (bytes + 6));
    const damage = new Damage(path, context);
    const [num, den] = header.rate;
    for (let index = 0; !context.signal.aborted; index += 1) {
      if (!(await reader.ensure(1))) {
        if (index === 0) throw corrupt(path, 'there is a header and no picture');
        break;
      }
      const start = await readLine(reader);
      if (start !== undefined && !/^FRAME( |$)/.test(start)) {
        throw corrupt(path, `picture ${index} of about ${expected} does not start with FRAME`, { index, expected });
      }
      if (start === undefined || !(await reader.ensure(bytes))) {
        if (reader.bytes.length >= LINE_LIMIT && start === undefined) throw corrupt(path, `picture ${index} of about ${expected} does not start with FRAME`, { index, expected });
        damage.truncated(index, Math.max(expected, index + 1));
        break;
      }
      const planes = reader.take(bytes);
      if (index < context.start) continue;
      damage.decoded();
      const stamp = (BigInt(index) * 1_000_000_000n * BigInt(den)) / BigInt(num);
      if (stamp < context.skip) context.leftOut(stamp);
      else yield { index, stamp, width: header.width, height: header.height, rgb: yuvToRgb(planes, header) };
    }
    if (!context.signal.aborted) damage.conclude();
  } finally {
    await file.close();
  }
}
