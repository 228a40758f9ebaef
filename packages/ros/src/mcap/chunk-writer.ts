import { McapChunkBuilder, McapRecordBuilder } from '@mcap/core';
import type { McapTypes } from '@mcap/core';
import type { Writable } from './file-writable.js';

const LIBRARY = 'sextant';
/** A channel's id has 16 bits. */
const MOST_CHANNELS = 0x1_0000;

/** A channel to be recorded. */
export interface ChannelInfo {
  readonly topic: string;
  /** e.g. `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** ros2msg text. */
  readonly schema: string;
  readonly metadata?: ReadonlyMap<string, string>;
}

/** A file kept inside the recording. */
export interface Attachment {
  readonly name: string;
  /** e.g. `application/json`. */
  readonly mediaType: string;
  readonly data: Uint8Array;
}

/** Compresses chunks; `compression` is MCAP's name for what it does. */
export interface Compressor {
  readonly compression: 'zstd';
  compress(chunk: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What was recorded on a channel. */
export interface ChannelCount extends Pick<ChannelInfo, 'topic' | 'type' | 'metadata'> {
  readonly messages: number;
}

/**
 * Writes MCAP (https://mcap.dev/spec) of the ros2 profile: chunks with message indexes, a summary with chunk
 * indexes at the end. Beside @mcap/core's McapWriter, whose chunks end by size alone, because a chunk here must also end by
 * time: what is in an unfinished chunk is lost with the process. Calls must not overlap.
 */
export class ChunkWriter {
  readonly #file: Writable;
  readonly #records = new McapRecordBuilder();
  readonly #chunk = new McapChunkBuilder({ useMessageIndex: true });
  readonly #schemas: McapTypes.TypedMcapRecords['Schema'][] = [];
  readonly #channels: McapTypes.TypedMcapRecords['Channel'][] = [];
  readonly #chunkIndexes: McapTypes.TypedMcapRecords['ChunkIndex'][] = [];
  readonly #counts = new Map<number, bigint>();
  /** Channels whose records are in a finished or the current chunk. */
  readonly #introduced = new Set<number>();
  #start = 0n;
  #end = 0n;
  #messages = 0n;
  readonly #attachments: McapTypes.TypedMcapRecords['AttachmentIndex'][] = [];
  readonly #compressor: Compressor | undefined;

  /** @param mostChannels less than a file has room for, in tests */
  constructor(file: Writable, compressor?: Compressor, private readonly mostChannels = MOST_CHANNELS) {
    this.#file = file;
    this.#compressor = compressor;
  }

  /** What the file holds: log times of the first and last message, messages in all and by channel. */
  get summary(): { readonly start: bigint; readonly end: bigint; readonly messages: bigint; readonly channels: readonly ChannelCount[] } {
    const channels = this.#channels.map(({ id, topic, schemaId, metadata }) => ({ topic, metadata, type: this.#schemas[schemaId - 1]?.name ?? '', messages: Number(this.#counts.get(id) ?? 0n) }));
    return { start: this.#start, end: this.#end, messages: this.#messages, channels };
  }

  /** Bytes waiting in the unfinished chunk. */
  get pendingBytes(): number {
    return this.#chunk.numMessages === 0 ? 0 : this.#chunk.byteLength;
  }

  /** Writes the file's head. */
  async begin(): Promise<void> {
    this.#records.writeMagic();
    this.#records.writeHeader({ profile: 'ros2', library: LIBRARY });
    await this.#flushRecords();
  }

  /** Makes a channel, whose records go into the chunk of its first message; undefined where the file has as many as it can have. */
  addChannel(info: ChannelInfo): number | undefined {
    if (this.#channels.length >= this.mostChannels) return undefined;
    let schema = this.#schemas.find((s) => s.name === info.type);
    if (schema === undefined) {
      schema = { type: 'Schema', id: this.#schemas.length + 1, name: info.type, encoding: 'ros2msg', data: new TextEncoder().encode(info.schema) };
      this.#schemas.push(schema);
    }
    const id = this.#channels.length;
    const metadata = new Map(info.metadata ?? []);
    this.#channels.push({ type: 'Channel', id, schemaId: schema.id, topic: info.topic, messageEncoding: 'cdr', metadata });
    return id;
  }

  /** Copies a message into the current chunk. Times are nanoseconds. */
  addMessage(message: { channelId: number; sequence: number; logTime: bigint; publishTime: bigint; data: Uint8Array }): void {
    const channel = this.#channels[message.channelId];
    if (channel === undefined) throw new Error(`no MCAP channel ${message.channelId}`);
    if (!this.#introduced.has(channel.id)) {
      const schema = this.#schemas[channel.schemaId - 1];
      if (schema !== undefined) this.#chunk.addSchema(schema);
      this.#chunk.addChannel(channel);
      this.#introduced.add(channel.id);
    }
    this.#chunk.addMessage(message);
    if (this.#messages === 0n || message.logTime < this.#start) this.#start = message.logTime;
    if (this.#messages === 0n || message.logTime > this.#end) this.#end = message.logTime;
    this.#messages++;
    this.#counts.set(channel.id, (this.#counts.get(channel.id) ?? 0n) + 1n);
  }

  /** Writes the current chunk and its indexes in one piece, uncompressed if `plain`; nothing happens when it is empty. */
  async finishChunk(plain = false): Promise<void> {
    if (this.#chunk.numMessages === 0) return;
    const records = this.#chunk.buffer;
    const { messageStartTime, messageEndTime } = this.#chunk;
    const chunkStartOffset = this.#file.position;
    const size = BigInt(records.length);
    const indices = [...this.#chunk.indices];
    const compressor = plain ? undefined : this.#compressor;
    const stored = compressor === undefined ? records : await compressor.compress(records);
    const compression = compressor?.compression ?? '';
    // CRC 0 means "none": a checksum in plain JavaScript costs more than writing the chunk.
    const chunkLength = this.#records.writeChunk({ messageStartTime, messageEndTime, uncompressedSize: size, uncompressedCrc: 0, compression, records: stored });
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of indices) {
      messageIndexOffsets.set(index.channelId, chunkStartOffset + chunkLength + messageIndexLength);
      messageIndexLength += this.#records.writeMessageIndex(index);
    }
    this.#chunkIndexes.push({
      type: 'ChunkIndex',
      messageStartTime,
      messageEndTime,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression,
      compressedSize: BigInt(stored.length),
      uncompressedSize: size,
    });
    this.#chunk.reset();
    await this.#flushRecords();
  }

  /** Writes a file into the recording, after the chunk under way. */
  async attach({ name, mediaType, data }: Attachment): Promise<void> {
    await this.finishChunk();
    const logTime = BigInt(Date.now()) * 1_000_000n;
    const offset = this.#file.position;
    const length = this.#records.writeAttachment({ name, mediaType, data, logTime, createTime: logTime });
    this.#attachments.push({ type: 'AttachmentIndex', offset, length, logTime, createTime: logTime, dataSize: BigInt(data.length), name, mediaType });
    await this.#flushRecords();
  }

  /** Writes what is left and the summary; the file is complete after it. */
  async end(): Promise<void> {
    await this.finishChunk();
    this.#records.writeDataEnd({ dataSectionCrc: 0 });
    await this.#flushRecords();
    const summaryStart = this.#file.position;
    for (const schema of this.#schemas) this.#records.writeSchema(schema);
    for (const channel of this.#channels) this.#records.writeChannel(channel);
    this.#records.writeStatistics({
      messageCount: this.#messages,
      schemaCount: this.#schemas.length,
      channelCount: this.#channels.length,
      attachmentCount: this.#attachments.length,
      metadataCount: 0,
      chunkCount: this.#chunkIndexes.length,
      messageStartTime: this.#start,
      messageEndTime: this.#end,
      channelMessageCounts: this.#counts,
    });
    for (const index of this.#chunkIndexes) this.#records.writeChunkIndex(index);
    for (const index of this.#attachments) this.#records.writeAttachmentIndex(index);
    this.#records.writeFooter({ summaryStart, summaryOffsetStart: 0n, summaryCrc: 0 });
    this.#records.writeMagic();
    await this.#flushRecords();
  }

  async #flushRecords(): Promise<void> {
    const bytes = this.#records.buffer.slice();
    this.#records.reset();
    await this.#file.write(bytes);
  }
}
