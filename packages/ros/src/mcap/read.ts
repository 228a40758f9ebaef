import { McapStreamReader } from '@mcap/core';
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
 */
export async function* readMcap(path: string): AsyncGenerator<RecordedMessage, void> {
  const { loadDecompressHandlers } = await import('@mcap/support');
  const reader = new McapStreamReader({ decompressHandlers: await loadDecompressHandlers() });
  const channels = new Map<number, { topic: string; schemaId: number }>();
  const types = new Map<number, string>();
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) {
    reader.append(block as Uint8Array);
    for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
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
