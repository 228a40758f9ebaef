import type { ByteReader } from './byte-reader.js';

/** One JPEG of a stream of them. */
export interface JpegSlice {
  readonly bytes: Buffer;
  /** False when it breaks off or its segments make no sense. */
  readonly whole: boolean;
  /** True when it breaks off because the file does. */
  readonly last: boolean;
}

const [SOI, EOI, SOS] = [0xd8, 0xd9, 0xda];
const START = Buffer.from([0xff, 0xd8, 0xff]);

/** Moves to the next start of a JPEG at or after `from`; false where there is none. */
async function seekStart(reader: ByteReader, from: number): Promise<boolean> {
  if (from > 0) await reader.skip(from);
  for (;;) {
    if (!(await reader.ensure(3))) return false;
    const at = reader.bytes.indexOf(START);
    if (at >= 0) return reader.skip(at);
    await reader.skip(reader.bytes.length - 2); // the last two bytes may begin a start
  }
}

/**
 * Takes the next JPEG off a file that is JPEGs one after another (MJPEG), by walking its segments (ITU-T T.81 annex B),
 * so that a thumbnail inside does not end it. After damage it goes on at the next start of a picture.
 */
export async function nextJpeg(reader: ByteReader): Promise<JpegSlice | undefined> {
  if (!(await seekStart(reader, 0))) return undefined;
  let at = 2;
  for (;;) {
    if (!(await reader.ensure(at + 4))) {
      // The last marker of a file may be an EOI with nothing behind it.
      const ends = reader.bytes.length >= at + 2 && reader.bytes[at] === 0xff && reader.bytes[at + 1] === EOI;
      const length = ends ? at + 2 : reader.bytes.length;
      return { bytes: reader.take(length), whole: ends, last: !ends };
    }
    const window = reader.bytes;
    if (window[at] !== 0xff) return damaged(reader, at);
    const marker = window[at + 1];
    if (marker === 0xff) at += 1; // padding
    else if (marker === EOI) return { bytes: reader.take(at + 2), whole: true, last: false };
    else if (marker === SOI) return { bytes: reader.take(at), whole: false, last: false };
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else {
      const length = window.readUInt16BE(at + 2);
      if (length < 2) return damaged(reader, at);
      at += 2 + length;
      if (marker === SOS) {
        const end = await entropyEnd(reader, at);
        if (end === undefined) return { bytes: reader.take(reader.bytes.length), whole: false, last: true };
        at = end;
      }
    }
  }
}

/** Where the entropy-coded bytes from `from` on end: the next marker that is neither stuffing nor a restart. */
async function entropyEnd(reader: ByteReader, from: number): Promise<number | undefined> {
  let at = from;
  for (;;) {
    if (!(await reader.ensure(at + 2))) return undefined;
    const window = reader.bytes;
    const found = window.indexOf(0xff, at);
    if (found < 0) {
      at = window.length;
    } else if (found + 1 >= window.length) {
      at = found;
    } else {
      const next = window[found + 1];
      if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return found;
      at = found + (next === 0xff ? 1 : 2);
    }
  }
}

/** Gives up a picture at `at`: what was read of it is handed out as damaged, the next start comes next. */
async function damaged(reader: ByteReader, at: number): Promise<JpegSlice> {
  await reader.ensure(at);
  return { bytes: reader.take(Math.min(at, reader.bytes.length)), whole: false, last: false };
}
