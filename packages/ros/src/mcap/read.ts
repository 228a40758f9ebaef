import { McapStreamReader } from '@mcap/core';
import type { TypedMcapRecords } from '@mcap/core';
import { SextantError } from '@sextant/core';
import { createReadStream } from 'node:fs';
import { decodeCdr } from '../encoding/cdr.js';

/** A recorded message. */
export interface RecordedMessage {
  readonly topic: string;
  readonly type: string;
  readonly sequence: number;
  /** Nanoseconds. */
  readonly logTime: bigint;
  readonly publishTime: bigint;
  /** CDR with its encapsulation header. */
  readonly data: Uint8Array;
  /** The message as a plain object. */
  decode<T>(): T;
}

/**
 * Reads an MCAP file of the ros2 profile from start to end, in file order, without needing its summary: a file
 * cut off anywhere gives all messages of its whole chunks, then ends.
 * @throws SextantError `source-missing` where no file can be read there, `source-corrupt` for one that is no MCAP file or is damaged, at the damage.
 */
export async function* readMcap(path: string): AsyncGenerator<RecordedMessage, void> {
  const { loadDecompressHandlers } = await import('@mcap/support');
  const reader = new McapStreamReader({ decompressHandlers: await loadDecompressHandlers() });
  const channels = new Map<number, { topic: string; schemaId: number }>();
  const types = new Map<number, string>();
  const next = (): TypedMcapRecords[keyof TypedMcapRecords] | undefined => {
    try {
      return reader.nextRecord();
    } catch (cause) {
      throw new SextantError('source-corrupt', `${path} is no MCAP file, or damaged: ${(cause as Error).message}`, { hint: '`mcap doctor` says more, `mcap recover` saves what can be read.', details: { path }, cause });
    }
  };
  for await (const block of blocksOf(path)) {
    reader.append(block);
    for (let record = next(); record !== undefined; record = next()) {
      if (record.type === 'Schema') types.set(record.id, record.name);
      else if (record.type === 'Channel') channels.set(record.id, { topic: record.topic, schemaId: record.schemaId });
      else if (record.type === 'Message') {
        const channel = channels.get(record.channelId);
        const type = types.get(channel?.schemaId ?? 0) ?? '';
        const data = record.data.slice();
        const { sequence, logTime, publishTime } = record;
        yield { topic: channel?.topic ?? '', type, sequence, logTime, publishTime, data, decode: () => decodeCdr(type, data) };
      }
    }
  }
}

async function* blocksOf(path: string): AsyncGenerator<Uint8Array, void> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  try {
    for await (const block of file) yield block as Uint8Array;
  } catch (cause) {
    throw new SextantError('source-missing', `the recording ${path} cannot be read: ${(cause as Error).message}`, { hint: 'Check the path; of a bag folder name the .mcap file in it.', details: { path }, cause });
  }
}
