import { SextantError } from '@sextant/core';
import { Damage } from '../stream/damage.js';
import type { Picture, ReadContext } from '../stream/picture.js';
import { ByteReader, openFile } from './byte-reader.js';
import { JpegSequence } from './jpeg-sequence.js';

/** What an AVI's header says about its video stream. */
export interface AviHeader {
  /** Four characters naming the codec, upper case; `MJPG` is read here. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** As claimed; 0 or a lie in files that were cut. */
  readonly frames: number;
  /** Number of the video stream, as in its chunks' names. */
  readonly stream: number;
}

const CONTAINERS = new Set(['AVI ', 'AVIX', 'hdrl', 'strl', 'movi', 'rec ']);

interface Chunk {
  readonly id: string;
  readonly size: number;
}

/** Steps into lists and stops at the next chunk proper; undefined at the end of the file. */
async function nextChunk(reader: ByteReader): Promise<Chunk | undefined> {
  while (await reader.ensure(8)) {
    const id = reader.bytes.toString('latin1', 0, 4);
    const size = reader.bytes.readUInt32LE(4);
    if (id !== 'RIFF' && id !== 'LIST') {
      reader.take(8);
      return { id, size };
    }
    if (!(await reader.ensure(12))) return undefined;
    const inside = CONTAINERS.has(reader.bytes.toString('latin1', 8, 12));
    reader.take(12);
    if (!inside) await reader.skip(padded(size) - 4);
  }
  return undefined;
}

const padded = (size: number): number => size + (size & 1);

/** Reads up to the first picture; undefined for what is no AVI with a video stream. */
async function readHeader(reader: ByteReader): Promise<{ header: AviHeader; chunk: Chunk | undefined } | undefined> {
  let [frames, streams, fps, codec, width, height] = [0, 0, 0, '', 0, 0];
  let stream: number | undefined;
  let isVideo = false;
  for (;;) {
    const chunk = await nextChunk(reader);
    if (chunk === undefined || /^\d\d(dc|db|wb|tx)$/.test(chunk.id) || chunk.id.startsWith('ix')) {
      if (stream === undefined) return undefined;
      return { header: { codec, width, height, fps: fps > 0 ? fps : 30, frames, stream }, chunk };
    }
    const wanted = ['avih', 'strh', 'strf'].includes(chunk.id) && chunk.size <= 4096;
    if (!wanted) {
      await reader.skip(padded(chunk.size));
      continue;
    }
    if (!(await reader.ensure(padded(chunk.size)))) return undefined;
    const data = reader.take(padded(chunk.size));
    if (chunk.id === 'avih' && data.length >= 20) {
      frames = data.readUInt32LE(16);
    } else if (chunk.id === 'strh' && data.length >= 36) {
      isVideo = stream === undefined && data.toString('latin1', 0, 4) === 'vids';
      if (isVideo) {
        stream = streams;
        codec = data.toString('latin1', 4, 8).toUpperCase();
        fps = data.readUInt32LE(24) / (data.readUInt32LE(20) || 1);
        frames = data.readUInt32LE(32) || frames;
      }
      streams += 1;
    } else if (chunk.id === 'strf' && isVideo && data.length >= 20) {
      [width, height] = [data.readInt32LE(4), Math.abs(data.readInt32LE(8))];
      codec = data.toString('latin1', 16, 20).toUpperCase(); // what the pictures are; strh names the codec to use
    }
  }
}

/** The header of an AVI file; undefined for what is none. */
export async function probeAvi(path: string): Promise<AviHeader | undefined> {
  const file = await openFile(path);
  try {
    return (await readHeader(new ByteReader(file, path, 1 << 24)))?.header;
  } finally {
    await file.close();
  }
}

/** Reads an AVI whose pictures are JPEGs. An empty picture chunk means "as before" and is left out. */
export async function* readAvi(path: string, context: ReadContext): AsyncGenerator<Picture> {
  const file = await openFile(path);
  try {
    const reader = new ByteReader(file, path, Math.max(1 << 24, context.maxPixels * 4));
    const opened = await readHeader(reader);
    if (opened === undefined) {
      throw new SextantError('source-corrupt', `${path} is no AVI with a video stream`, { hint: 'Record or convert it again.', details: { path } });
    }
    const { header } = opened;
    const damage = new Damage(path, context);
    const sequence = new JpegSequence(path, header.fps, damage, context);
    const prefix = String(header.stream).padStart(2, '0');
    const expected = header.frames > 0 ? header.frames : undefined;
    let index = 0;
    for (let chunk = opened.chunk; chunk !== undefined && !context.signal.aborted; chunk = await nextChunk(reader)) {
      const picture = chunk.id === `${prefix}dc` || chunk.id === `${prefix}db`;
      if (!picture) {
        if (!/^[\x20-\x7e]{4}$/.test(chunk.id)) break; // no chunk starts so: the file is damaged from here on
        await reader.skip(padded(chunk.size));
        continue;
      }
      if (!(await reader.ensure(chunk.size))) break;
      const bytes = reader.take(chunk.size);
      await reader.skip(chunk.size & 1);
      if (bytes.length > 0) yield* sequence.decode(index, bytes);
      index += 1;
    }
    if (context.signal.aborted) return;
    if (index === 0 || (expected !== undefined && index < expected)) damage.truncated(index, expected);
    damage.conclude();
  } finally {
    await file.close();
  }
}
