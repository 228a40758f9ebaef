import { open } from 'node:fs/promises';
import { ros2humble } from '@foxglove/rosmsg-msgs-common';
import { stringify } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { McapWriter } from '@mcap/core';
import type { McapWriterOptions } from '@mcap/core';
import { FileHandleWritable } from '@mcap/nodejs';

export const SECOND = 1_000_000_000n;
export const EPOCH = 1_700_000_000n * SECOND;
export const [WIDTH, HEIGHT] = [8, 6];

/** One definition with all it needs, as rosbag2 stores it. */
function definition(type: string): { text: string; writer: MessageWriter } {
  const wanted = [type];
  for (const name of wanted) {
    for (const field of ros2humble[name.replace('/msg/', '/') as keyof typeof ros2humble].definitions) {
      const inner = field.isComplex ? field.type : undefined;
      if (inner && !wanted.includes(inner)) wanted.push(inner);
    }
  }
  const definitions = wanted.map((name) => ({ ...ros2humble[name.replace('/msg/', '/') as keyof typeof ros2humble], name }));
  return { text: stringify(definitions), writer: new MessageWriter(definitions) };
}

/** A message to be recorded. */
export interface Entry {
  readonly topic: string;
  readonly type: string;
  readonly time: bigint;
  readonly message: unknown;
  /** Only so many bytes of it are written. */
  readonly bytes?: number;
}

/** Writes an MCAP file of ros2 messages, its schemas named by `named`. */
export async function writeBag(path: string, entries: readonly Entry[], options: Partial<McapWriterOptions> = {}, named = (type: string): string => type): Promise<void> {
  const handle = await open(path, 'w');
  const writer = new McapWriter({ writable: new FileHandleWritable(handle), chunkSize: 2000, ...options });
  await writer.start({ profile: 'ros2', library: 'test' });
  const channels = new Map<string, { id: number; writer: MessageWriter }>();
  for (const [sequence, { topic, type, time, message, bytes }] of entries.entries()) {
    let channel = channels.get(topic);
    if (!channel) {
      const { text, writer: serialise } = definition(type);
      const schemaId = await writer.registerSchema({ name: named(type), encoding: 'ros2msg', data: new TextEncoder().encode(text) });
      channel = { id: await writer.registerChannel({ topic, schemaId, messageEncoding: 'cdr', metadata: new Map() }), writer: serialise };
      channels.set(topic, channel);
    }
    await writer.addMessage({ channelId: channel.id, sequence, logTime: time, publishTime: time, data: channel.writer.writeMessage(message).subarray(0, bytes) });
  }
  await writer.end();
  await handle.close();
}

export const header = (time: bigint) => ({ stamp: { sec: Number(time / SECOND), nanosec: Number(time % SECOND) }, frame_id: 'left_camera' });
/** A picture of one value. */
export const image = (time: bigint, value: number, encoding = 'rgb8', channels = 3): Entry => ({
  topic: '/left/image_raw', type: 'sensor_msgs/msg/Image', time,
  message: { header: header(time), height: HEIGHT, width: WIDTH, encoding, is_bigendian: 0, step: WIDTH * channels, data: new Uint8Array(WIDTH * HEIGHT * channels).fill(value) },
});
/** Its camera_info, for pictures of another size or with other fields. */
export const info = (time: bigint, [width, height] = [WIDTH, HEIGHT], part: object = {}): Entry => ({
  topic: '/left/camera_info', type: 'sensor_msgs/msg/CameraInfo', time,
  message: {
    header: header(time), height, width, distortion_model: 'plumb_bob', d: [-0.1, 0.01, 0, 0, 0], k: [10, 0, 3.5, 0, 10, 2.5, 0, 0, 1],
    r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [10, 0, 3.5, 0, 0, 10, 2.5, 0, 0, 0, 1, 0], binning_x: 0, binning_y: 0, roi: { x_offset: 0, y_offset: 0, height: 0, width: 0, do_rectify: false }, ...part,
  },
});
/** The same message with another header stamp. */
export const stamped = (entry: Entry, stamp: bigint): Entry => ({ ...entry, message: { ...(entry.message as object), header: header(stamp) } });
/** Instants, ten a second. */
export const times = (count: number): bigint[] => Array.from({ length: count }, (_, i) => EPOCH + (BigInt(i) * SECOND) / 10n);
