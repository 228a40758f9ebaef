import { open } from 'node:fs/promises';
import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { McapIndexedReader, McapStreamReader } from '@mcap/core';
import type { McapTypes } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import { loadDecompressHandlers } from '@mcap/support';
import { SextantError } from '@sextant/core';
import { fileError, openFile } from '../formats/byte-reader.js';
import type { SourceIssue } from '../source-options.js';
import { unpackMessage } from './packed-message.js';

/** A topic of a recording. */
export interface BagTopic {
  readonly topic: string;
  /** e.g. `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Messages, where the file's summary says. */
  readonly messages?: number;
}

/** A message of a recording. */
export interface BagMessage {
  readonly topic: string;
  readonly type: string;
  /** Nanoseconds. */
  readonly logTime: bigint;
  /** By the definition in the file. @throws SextantError `source-corrupt`, `unsupported`. */
  decode<T>(): T;
}

/** What a recording is read with. */
export interface BagReadOptions {
  readonly signal?: AbortSignal;
  readonly onIssue: (issue: SourceIssue) => void;
}

type Channel = McapTypes.TypedMcapRecords['Channel'];
type ChunkIndex = McapTypes.TypedMcapRecords['ChunkIndex'];
type Schema = McapTypes.TypedMcapRecords['Schema'];
type Message = McapTypes.TypedMcapRecords['Message'];

/**
 * An MCAP file of CDR messages with ros2msg definitions, as rosbag2 and this project's recorder write it: zstd, lz4 or uncompressed
 * chunks, and messages compressed one by one. A file without a summary (cut off, still being written) is read from the front as far as it goes, and so is one that was
 * written without chunks or without a part of their index.
 */
export class BagFile {
  private readonly decoders = new Map<number, MessageReader>();

  private constructor(
    readonly path: string,
    /** All of them; of a file whose summary does not say, those of its first megabytes. */
    readonly topics: readonly BagTopic[],
    private readonly lacks: 'summary' | 'index' | undefined,
    private readonly handlers: McapTypes.DecompressHandlers,
  ) {}

  /** @throws SextantError `source-missing`, `io`, `source-corrupt` for what is no MCAP file. */
  static async open(path: string): Promise<BagFile> {
    const handlers = await loadDecompressHandlers();
    const handle = await openFile(path);
    let lacks: 'summary' | 'index' = 'summary';
    try {
      const magic = Buffer.alloc(8);
      const { bytesRead } = await handle.read(magic, 0, 8, 0).catch((cause: unknown) => { throw fileError(path, cause); });
      if (bytesRead < 8 || !magic.subarray(1, 5).equals(Buffer.from('MCAP'))) {
        throw new SextantError('source-corrupt', `${path} is no MCAP file`, { hint: 'Other bags become MCAP with `ros2 bag convert`.', details: { path } });
      }
      const reader = await indexed(new FileHandleReadable(handle)).catch(() => undefined);
      if (reader) {
        const counts = reader.statistics?.channelMessageCounts;
        const topics = [...reader.channelsById.values()].map((c) => ({
          topic: c.topic, type: reader.schemasById.get(c.schemaId)?.name ?? '', ...(counts && { messages: Number(counts.get(c.id) ?? 0n) }),
        }));
        const whole = isIndexed(reader);
        if (whole || topics.length > 0) return new BagFile(path, topics, whole ? undefined : 'index', handlers);
        lacks = 'index';
      }
    } finally {
      await handle.close();
    }
    return new BagFile(path, await new BagFile(path, [], lacks, handlers).look(), lacks, handlers);
  }

  /**
   * Messages of `topics` in the order of their log time (file order where the index is missing, which is told). A chunk that is
   * damaged is left out and told.
   */
  async *read(topics: readonly string[], options: BagReadOptions): AsyncGenerator<BagMessage, void> {
    yield* this.lacks === undefined ? this.readIndexed(topics, options) : this.readStream(new Set(topics), options);
  }

  /** The first and the last message of a topic; undefined where the index does not lead to them. */
  async ends(topic: string): Promise<readonly [BagMessage, BagMessage] | undefined> {
    if (this.lacks !== undefined) return undefined;
    const handle = await openFile(this.path);
    try {
      const reader = await indexed(new FileHandleReadable(handle));
      const end = async (reverse: boolean): Promise<BagMessage | undefined> => {
        const { value: message } = await reader.readMessages({ topics: [topic], reverse }).next();
        if (!message) return undefined;
        const channel = reader.channelsById.get(message.channelId)!;
        return this.message(channel, reader.schemasById.get(channel.schemaId), message);
      };
      const [first, last] = [await end(false), await end(true)];
      return first && last && [first, last];
    } catch {
      return undefined; // a chunk is damaged: `read` tells
    } finally {
      await handle.close();
    }
  }

  private async *readIndexed(topics: readonly string[], { signal, onIssue }: BagReadOptions): AsyncGenerator<BagMessage, void> {
    const handle = await open(this.path, 'r');
    try {
      const file = new FileHandleReadable(handle);
      let at = 0n; // where the reader looked last: in the chunk that it then could not read
      const reader = await indexed({ size: () => file.size(), read: (offset, size) => file.read((at = offset), size) });
      // The reader's own list, which it goes through anew with each call of readMessages: a chunk that is taken out of it is left out.
      const chunks = reader.chunkIndexes as ChunkIndex[];
      for (let [last, count]: [bigint | undefined, number] = [undefined, 0]; ;) {
        let again = count; // messages of the time `last` that were given already
        try {
          for await (const message of reader.readMessages({ topics, ...(last !== undefined && { startTime: last }), validateCrcs: true })) {
            if (signal?.aborted) return;
            if (again > 0 && message.logTime === last) {
              again -= 1;
              continue;
            }
            [last, count, again] = [message.logTime, message.logTime === last ? count + 1 : 1, 0];
            const channel = reader.channelsById.get(message.channelId)!;
            yield this.message(channel, reader.schemasById.get(channel.schemaId), message);
          }
          return;
        } catch (error) {
          const bad = chunks.findIndex(({ chunkStartOffset: from, chunkLength, messageIndexLength }) => at >= from && at < from + chunkLength + messageIndexLength);
          onIssue({ kind: 'corrupt-picture', message: `${this.path}: a chunk cannot be read and is left out: ${(error as Error).message}`, details: { file: this.path, offset: String(at) } });
          if (bad < 0) return;
          chunks.splice(bad, 1);
        }
      }
    } finally {
      await handle.close();
    }
  }

  private async *readStream(topics: ReadonlySet<string>, { signal, onIssue }: BagReadOptions): AsyncGenerator<BagMessage, void> {
    onIssue(
      this.lacks === 'index'
        ? { kind: 'no-index', message: `${this.path} has no index (it was written without one, as by rosbag2's fastwrite): read from the front`, details: { file: this.path } }
        : { kind: 'truncated', message: `${this.path} has no summary (it was cut off, or is being written): read from the front as far as it goes`, details: { file: this.path } },
    );
    const channels = new Map<number, Channel>();
    const schemas = new Map<number, Schema>();
    for await (const record of this.records(Infinity, onIssue)) {
      if (signal?.aborted) return;
      if (record.type === 'Schema') schemas.set(record.id, record);
      else if (record.type === 'Channel') channels.set(record.id, record);
      else if (record.type === 'Message') {
        const channel = channels.get(record.channelId);
        if (channel && topics.has(channel.topic)) yield this.message(channel, schemas.get(channel.schemaId), { ...record, data: record.data.slice() });
      }
    }
  }

  private async *records(limit: number, onIssue: (issue: SourceIssue) => void): AsyncGenerator<McapTypes.TypedMcapRecord, void> {
    const handle = await openFile(this.path);
    const reader = new McapStreamReader({ decompressHandlers: await loadDecompressHandlers() });
    const block = Buffer.alloc(1 << 20);
    try {
      for (let at = 0; at < limit;) {
        const { bytesRead } = await handle.read(block, 0, block.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        reader.append(block.subarray(0, bytesRead));
        for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) yield record;
      }
    } catch (error) {
      onIssue({ kind: 'truncated', message: `${this.path} is damaged and ends here: ${(error as Error).message}`, details: { file: this.path } });
    } finally {
      await handle.close();
    }
  }

  /** The topics of the first 64 MB. */
  private async look(): Promise<BagTopic[]> {
    const types = new Map<number, string>();
    const topics = new Map<string, BagTopic>();
    for await (const record of this.records(64 << 20, () => undefined)) {
      if (record.type === 'Schema') types.set(record.id, record.name);
      else if (record.type === 'Channel') topics.set(record.topic, { topic: record.topic, type: types.get(record.schemaId) ?? '' });
    }
    return [...topics.values()];
  }

  private message(channel: Channel, schema: Schema | undefined, { logTime, data }: Message): BagMessage {
    return { topic: channel.topic, type: schema?.name ?? '', logTime, decode: <T>(): T => this.decode<T>(channel, schema, data) };
  }

  private decode<T>(channel: Channel, schema: Schema | undefined, data: Uint8Array): T {
    if (channel.messageEncoding !== 'cdr' || schema?.encoding !== 'ros2msg') {
      throw new SextantError('unsupported', `${this.path}: ${channel.topic} is '${channel.messageEncoding}' with a '${schema?.encoding ?? ''}' definition; read here are CDR with ros2msg`, {
        hint: 'ROS 1 bags become ROS 2 bags with `rosbags-convert`.', details: { topic: channel.topic, encoding: channel.messageEncoding, schema: schema?.encoding },
      });
    }
    try {
      let reader = this.decoders.get(channel.id);
      if (!reader) this.decoders.set(channel.id, (reader = new MessageReader(parse(new TextDecoder().decode(schema.data), { ros2: true }))));
      return reader.readMessage(unpackMessage(data, this.handlers));
    } catch (cause) {
      throw new SextantError('source-corrupt', `${this.path}: a message of ${channel.topic} does not fit its definition: ${(cause as Error).message}`, {
        hint: 'The recording is damaged, or its definition is not what was sent.', details: { topic: channel.topic, type: schema.name }, cause,
      });
    }
  }
}

/** True where every message is found by the summary; a writer can leave out any part of it. */
function isIndexed({ channelsById, chunkIndexes, statistics }: McapIndexedReader): boolean {
  if (statistics?.messageCount === 0n) return true;
  // A chunk of definitions alone has no messages to be indexed, and then no times.
  return channelsById.size > 0 && chunkIndexes.length > 0 && chunkIndexes.every((chunk) => chunk.messageIndexLength > 0n || chunk.messageEndTime === 0n);
}

async function indexed(readable: McapTypes.IReadable): Promise<McapIndexedReader> {
  return McapIndexedReader.Initialize({ readable, decompressHandlers: await loadDecompressHandlers() });
}
