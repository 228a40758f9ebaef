import { SextantError } from '@sextant/core';
import { Subject } from 'rxjs';
import type { Observable, Subscription } from 'rxjs';
import type { RosBridge } from '../bridge/bridge.js';
import type { Publication } from '../bridge/publication.js';
import type { TopicInfo, TopicSubscription } from '../bridge/topic.js';
import type { Transport } from '../bridge/transport.js';
import { definitionText } from '../messages/definition-text.js';
import { LATCHED_QOS, bagPlace, writeBagMetadata } from './bag-folder.js';
import { ChunkWriter } from './chunk-writer.js';
import type { Attachment, Compressor } from './chunk-writer.js';
import { createFile, type Writable } from './file-writable.js';
import { ZstdCompressor } from './zstd.js';

/** Options of {@link McapRecorder.open}. */
export interface McapOptions {
  /** Absolute topic names to record. @default every topic of the bridge, those that come later too, but not what only repeats another (compressed, rectified, disparity) */
  readonly topics?: readonly string[];
  /** How chunks are stored; `zstd` works on a thread of its own, and where that cannot keep up chunks are stored as they are. @default 'none' */
  readonly compression?: 'none' | 'zstd';
  /** A chunk is written when it holds so many bytes ... @default 1 MiB, compressed 4 MiB */
  readonly chunkBytes?: number;
  /** ... or is so old, milliseconds: what a killed process loses at most. @default 1000 */
  readonly chunkMs?: number;
  /** Bytes waiting for the disk beyond which messages are dropped. @default 64 MiB */
  readonly queueBytes?: number;
}

interface Waiting {
  readonly channelId: number;
  readonly sequence: number;
  readonly logTime: bigint;
  readonly publishTime: bigint;
  readonly data: Uint8Array;
  readonly subscription: TopicSubscription;
}

/**
 * Records topics into an MCAP file that `ros2 bag`, Foxglove and the mcap libraries open: ros2 profile, CDR, plain or zstd
 * chunks. A path that does not end in `.mcap` becomes a folder with metadata.yaml, as `ros2 bag record` makes it. `logTime` is the wall clock, `publishTime` the stamp of the frame. A killed process leaves a file that reads up to
 * its last whole chunk. When the disk refuses, the error is told once, what follows is counted as dropped, and nothing
 * else is disturbed.
 */
export class McapRecorder implements Transport {
  readonly name = 'mcap';
  readonly path: string;
  /** The one error of the disk, as SextantError `io`; completes with `close`. */
  readonly errors$: Observable<SextantError>;

  readonly #errors = new Subject<SextantError>();
  readonly #file: Writable;
  readonly #writer: ChunkWriter;
  readonly #options: Required<Omit<McapOptions, 'topics' | 'compression'>> & Pick<McapOptions, 'topics'>;
  /** By topic. */
  readonly #subscriptions = new Map<string, TopicSubscription>();
  /** By topic and type. */
  readonly #channels = new Map<string, { readonly id: number; sequence: number }>();
  /** It was told that topics are left out. */
  #full = false;
  #following: Subscription | undefined;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: SextantError | undefined;
  #messages = 0;
  #closing: Promise<void> | undefined;

  readonly #compressor: Compressor | undefined;
  readonly #folder: string | undefined;
  #attachments: Attachment[] = [];

  private constructor(path: string, file: Writable, options: McapOptions, folder?: string, mostChannels?: number) {
    this.path = path;
    this.#file = file;
    this.#folder = folder;
    this.#compressor = options.compression === 'zstd' ? new ZstdCompressor() : undefined;
    this.#writer = new ChunkWriter(file, this.#compressor, mostChannels);
    this.#options = { chunkBytes: options.compression === 'zstd' ? 4 << 20 : 1 << 20, chunkMs: 1000, queueBytes: 64 << 20, ...options };
    this.errors$ = this.#errors.asObservable();
  }

  /**
   * Creates the file (an existing one is overwritten) and writes its head.
   * @throws SextantError `io` where the file cannot be created.
   */
  static async open(path: string, options: McapOptions = {}): Promise<McapRecorder> {
    let file: Writable | undefined;
    try {
      const place = await bagPlace(path);
      file = await createFile(place.file);
      return await McapRecorder.start(path, file, options, place.folder);
    } catch (error) {
      await file?.close().catch(() => undefined);
      throw ioError(path, error);
    }
  }

  /** As `open`, into something that is already open; for tests of failing disks, and of full files. @internal */
  static async start(path: string, file: Writable, options: McapOptions = {}, folder?: string, mostChannels?: number): Promise<McapRecorder> {
    const recorder = new McapRecorder(path, file, options, folder, mostChannels);
    await recorder.#writer.begin();
    return recorder;
  }

  /** Messages in the file (or in the chunk that is next). */
  get messages(): number {
    return this.#messages;
  }

  /** Bytes in the file. */
  get bytes(): bigint {
    return this.#file.position;
  }

  /** The error that ended the recording, if one did. */
  get failure(): SextantError | undefined {
    return this.#failure;
  }

  attach(bridge: RosBridge): void {
    const { topics } = this.#options;
    if (topics === undefined) {
      // All that there is: it computes the bridge's topics, and keeps none that only clients have.
      this.#following = bridge.topics$.subscribe((all) => {
        for (const info of all) if (info.derived !== true && !this.#subscriptions.has(info.name)) this.#listen(bridge, info, false);
        const there = new Set(all.map(({ name }) => name));
        for (const [name, subscription] of this.#subscriptions) {
          if (there.has(name)) continue;
          subscription.unsubscribe();
          this.#subscriptions.delete(name);
        }
      });
    } else {
      // All of them before any is listened to, and computed.
      const infos = topics.map((topic) => {
        const info = bridge.topic(topic);
        if (info === undefined)
          throw new SextantError('bad-argument', `cannot record ${JSON.stringify(topic)}: no such topic`, {
            hint: `Topics: ${bridge.topics.map((t) => t.name).join(', ')}.`,
          });
        return info;
      });
      for (const info of infos) this.#listen(bridge, info, true);
    }
    this.#timer = setInterval(() => {
      this.#work(true);
    }, this.#options.chunkMs);
    this.#timer.unref();
  }

  /** Puts a file into the recording (calibration, manifest); ignored after `close`. */
  addAttachment(attachment: Attachment): void {
    if (this.#closing !== undefined) return;
    this.#attachments.push(attachment);
    this.#work(false);
  }

  /** Writes what is waiting and the summary, and closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #listen(bridge: RosBridge, info: TopicInfo, keeps: boolean): void {
    const channel = this.#channel(info);
    if (channel === undefined) {
      if (!this.#full) bridge.log('warning', `${this.path} has as many topics as an MCAP file can have: ${info.name} and others that come from now on are not recorded. Begin another recording.`, { topic: info.name });
      this.#full = true;
      return;
    }
    // A latched message arrives before the subscription does.
    const early: Publication[] = [];
    const held: { subscription?: TopicSubscription } = {};
    const record = (publication: Publication): void => {
      if (held.subscription === undefined) early.push(publication);
      else this.#record(publication, channel.id, channel.sequence++, held.subscription);
    };
    held.subscription = bridge.subscribe(info.name, record, this.name, { keeps });
    this.#subscriptions.set(info.name, held.subscription);
    early.forEach(record);
  }

  /** A topic that comes back goes on in the channel it had; undefined where the file has no room for another one. */
  #channel(info: TopicInfo): { readonly id: number; sequence: number } | undefined {
    const key = `${info.name} ${info.type}`;
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    const metadata = new Map([['offered_qos_profiles', info.latched ? LATCHED_QOS : '']]);
    const id = this.#writer.addChannel({ topic: info.name, type: info.type, schema: definitionText(info.type), metadata });
    if (id === undefined) return undefined;
    const channel = { id, sequence: 0 };
    this.#channels.set(key, channel);
    return channel;
  }

  #record(publication: Publication, channelId: number, sequence: number, subscription: TopicSubscription): void {
    if (this.#failure !== undefined || this.#closing !== undefined || this.#queuedBytes > this.#options.queueBytes) {
      subscription.dropped();
      return;
    }
    const data = publication.cdr();
    const logTime = BigInt(Math.round(publication.receivedMs * 1000)) * 1000n;
    this.#queue.push({ channelId, sequence, logTime, publishTime: publication.stamp, data, subscription });
    this.#queuedBytes += data.length;
    this.#work(false);
  }

  /** Starts writing unless it is under way; `finish` ends the chunk also when it is small. */
  #work(finish: boolean): void {
    if (this.#working !== undefined || this.#failure !== undefined) return;
    this.#working = this.#drain(finish).finally(() => {
      this.#working = undefined;
      if (this.#queue.length > 0 || this.#attachments.length > 0) this.#work(false);
    });
  }

  async #drain(finish: boolean): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        for (const message of batch) {
          this.#writer.addMessage(message);
          this.#messages++;
          message.subscription.sent(message.data.length);
          this.#queuedBytes -= message.data.length;
          if (this.#writer.pendingBytes >= this.#options.chunkBytes) await this.#writer.finishChunk(this.#behind);
        }
      }
      for (let next = this.#attachments.shift(); next !== undefined; next = this.#attachments.shift()) await this.#writer.attach(next);
      if (finish) await this.#writer.finishChunk();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** More waits than compressing should hold up: a large file is better than a file with gaps. */
  get #behind(): boolean {
    return this.#queuedBytes > this.#options.queueBytes / 8;
  }

  #fail(error: unknown): void {
    this.#failure = ioError(this.path, error);
    for (const message of this.#queue) message.subscription.dropped();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#errors.next(this.#failure);
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    this.#following?.unsubscribe();
    for (const subscription of this.#subscriptions.values()) subscription.unsubscribe();
    // Work that ends may have started more: writes must not overlap.
    while (this.#working !== undefined) await this.#working;
    try {
      if (this.#failure === undefined) {
        await this.#drain(true);
        await this.#writer.end();
      }
      await this.#file.close();
      if (this.#failure === undefined && this.#folder !== undefined) await writeBagMetadata(this.#folder, this.#writer.summary);
    } catch (error) {
      if (this.#failure === undefined) this.#fail(error);
    }
    await this.#compressor?.close();
    this.#errors.complete();
  }
}

function ioError(path: string, error: unknown): SextantError {
  const code = (error as NodeJS.ErrnoException).code;
  const hints: Readonly<Record<string, string>> = {
    EACCES: 'Choose a folder you may write to.',
    EPERM: 'Choose a folder you may write to.',
    EROFS: 'The file system is read-only: choose another folder.',
    ENOENT: 'Create the folder first.',
    EISDIR: 'That is a folder: give a file name.',
    EEXIST: 'It is there already: a rosbag2 folder must be new. For one file, give a name that ends in .mcap.',
    ENOSPC: 'The disk is full: free some space. The file reads up to its last whole chunk.',
  };
  return new SextantError('io', `cannot record to ${path}: ${error instanceof Error ? error.message : String(error)}`, {
    hint: hints[code ?? ''] ?? 'See the system message.',
    details: { path, code },
    cause: error,
  });
}
